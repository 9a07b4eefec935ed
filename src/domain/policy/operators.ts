// The operators of a condition. A row says which values a policy may give it, and whether one value of
// the policy fits the value of the request. An operator with `Not` in its name is the negation of the
// one without, over all its values. Nothing is compared that the parser has not checked.
import { isInBlock, parseIpBlock } from '../../lib/ip-address.ts';
import { matches } from './match.ts';

export interface Operator {
  /** What it compares. */
  readonly kind: ValueKind;
  readonly isNegated: boolean;
  /** Whether the value of the request fits one value of the policy; both are of the kind. */
  fits(actual: string, wanted: string): boolean;
}

export type ValueKind = 'text' | 'number' | 'date' | 'boolean' | 'address';

type Fits = Operator['fits'];

/** ISO 8601 with a zone: without one it would mean another time on another machine. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/;

const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(Date.parse(text));

export const VALUE_RULES: Readonly<Record<ValueKind, (text: string) => boolean>> = {
  text: () => true,
  number: (text) => NUMBER.test(text),
  date: isDate,
  boolean: (text) => text === 'true' || text === 'false',
  address: (text) => parseIpBlock(text) !== undefined,
};

const equal: Fits = (actual, wanted) => actual === wanted;
const equalIgnoringCase: Fits = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();
const like: Fits = (actual, wanted) => matches(wanted, actual);

type Compare = (actual: number, wanted: number) => boolean;
const ORDER: Readonly<Record<string, Compare>> = {
  Equals: (actual, wanted) => actual === wanted,
  LessThan: (actual, wanted) => actual < wanted,
  LessThanEquals: (actual, wanted) => actual <= wanted,
  GreaterThan: (actual, wanted) => actual > wanted,
  GreaterThanEquals: (actual, wanted) => actual >= wanted,
};

const address: Fits = (actual, wanted) => {
  const [one, block] = [parseIpBlock(actual), parseIpBlock(wanted)];
  return one !== undefined && block !== undefined && isInBlock(one, block);
};

const row = (kind: ValueKind, fits: Fits, isNegated = false): Operator => ({
  kind,
  isNegated,
  fits,
});

/** `NumericEquals` … and `NumericNotEquals`, on what `read` makes of the texts. */
const ordered = (prefix: string, kind: ValueKind, read: (text: string) => number) => {
  const fits =
    (compare: Compare): Fits =>
    (actual, wanted) =>
      compare(read(actual), read(wanted));
  const rows = Object.entries(ORDER).map(
    ([name, compare]) => [`${prefix}${name}`, row(kind, fits(compare))] as const,
  );
  return [...rows, [`${prefix}NotEquals`, row(kind, fits(ORDER.Equals!), true)] as const];
};

/** By the name that a policy writes, in its spelling. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', row('text', equal)],
  ['StringNotEquals', row('text', equal, true)],
  ['StringEqualsIgnoreCase', row('text', equalIgnoringCase)],
  ['StringNotEqualsIgnoreCase', row('text', equalIgnoringCase, true)],
  ['StringLike', row('text', like)],
  ['StringNotLike', row('text', like, true)],
  ...ordered('Numeric', 'number', Number),
  ...ordered('Date', 'date', Date.parse),
  ['Bool', row('boolean', equal)],
  ['IpAddress', row('address', address)],
  ['NotIpAddress', row('address', address, true)],
]);
