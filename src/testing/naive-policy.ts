// A second evaluator of policies, for tests alone: it reads the documents as they are written, matches
// with regular expressions and lists every statement that fits before it looks at one. It is slow, and
// shares nothing with the one that serves.
import { BlockList, isIP, isIPv4 } from 'node:net';

type Texts = string | readonly string[];

export interface WrittenPolicy {
  Version: string;
  Statement: readonly {
    Effect: string;
    Action?: Texts;
    NotAction?: Texts;
    Resource?: Texts;
    NotResource?: Texts;
    Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
  }[];
}

export interface NaiveRequest {
  action: string;
  resources: readonly string[];
  /** By key, in lower case up to the `/`; null: there is none; absent: not known. */
  values: Readonly<Record<string, string | null | undefined>>;
}

export const naiveEvaluate = (
  policies: readonly WrittenPolicy[],
  session: WrittenPolicy | undefined,
  request: NaiveRequest,
): string => {
  const outcomes = [outcome(policies, request), session ? outcome([session], request) : 'Allow'];
  if (outcomes.includes('ExplicitDeny')) return 'ExplicitDeny';
  return outcomes.includes('ImplicitDeny') ? 'ImplicitDeny' : 'Allow';
};

const outcome = (policies: readonly WrittenPolicy[], request: NaiveRequest): string => {
  const effects = policies
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => {
      const { Action, NotAction, Resource, NotResource } = statement;
      const hit = any(Action, 'i', [request.action]) ?? !any(NotAction, 'i', [request.action])!;
      const on = any(Resource, '', request.resources) ?? !any(NotResource, '', request.resources)!;
      if (!hit || !on) return false;
      const answers = allConditions(statement.Condition ?? {}, request.values);
      if (answers.includes(false)) return false;
      return !answers.includes(undefined) || statement.Effect === 'Deny';
    })
    .map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'ExplicitDeny';
  return effects.includes('Allow') ? 'Allow' : 'ImplicitDeny';
};

const list = (texts: Texts): readonly string[] => (typeof texts === 'string' ? [texts] : texts);

const globs = new Map<string, RegExp>();

const glob = (pattern: string, flags = ''): RegExp => {
  const key = `${flags}:${pattern}`;
  let made = globs.get(key);
  if (made === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\/-]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    made = new RegExp(`^${source}$`, `sv${flags}`);
    globs.set(key, made);
  }
  return made;
};

const any = (patterns: Texts | undefined, flags: string, names: readonly string[]) =>
  patterns === undefined
    ? undefined
    : list(patterns).some((pattern) => names.some((name) => glob(pattern, flags).test(name)));

/** True, false, or undefined when it cannot be known. */
const allConditions = (
  conditions: NonNullable<WrittenPolicy['Statement'][number]['Condition']>,
  values: NaiveRequest['values'],
): (boolean | undefined)[] =>
  Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => {
      const [prefix = '', ...tail] = key.split('/');
      const name = [prefix.toLowerCase(), ...tail].join('/');
      const actual = values[name];
      if (actual === undefined) return undefined;
      if (actual !== null && !isComparable(operator, actual)) return undefined;
      const plain = operator.replace('Not', '');
      const hit = actual !== null && list(wanted).some((one) => compare(plain, actual, one));
      return operator.includes('Not') ? !hit : hit;
    }),
  );

const isComparable = (operator: string, actual: string): boolean => {
  if (operator.startsWith('Numeric')) return /^[-\d.]+$/.test(actual) && isIP(actual) === 0;
  if (operator.startsWith('Date')) return actual.includes('T');
  if (operator === 'Bool') return ['true', 'false'].includes(actual);
  return !operator.endsWith('IpAddress') || isIP(actual) !== 0;
};

const compare = (operator: string, actual: string, wanted: string): boolean => {
  if (operator === 'StringEquals' || operator === 'Bool') return actual === wanted;
  if (operator === 'StringEqualsIgnoreCase') return actual.toUpperCase() === wanted.toUpperCase();
  if (operator === 'StringLike') return glob(wanted).test(actual);
  if (operator === 'IpAddress') return inBlock(actual, wanted);
  const [a, b] = operator.startsWith('Date')
    ? [new Date(actual).getTime(), new Date(wanted).getTime()]
    : [Number.parseFloat(actual), Number.parseFloat(wanted)];
  if (operator.endsWith('LessThan')) return a < b;
  if (operator.endsWith('LessThanEquals')) return a <= b;
  if (operator.endsWith('GreaterThan')) return a > b;
  if (operator.endsWith('GreaterThanEquals')) return a >= b;
  return a === b;
};

const inBlock = (actual: string, wanted: string): boolean => {
  const plain = (text: string) => text.replace('::ffff:', '');
  const [address = '', bits] = plain(wanted).split('/');
  const kind = (text: string) => (isIPv4(text) ? 'ipv4' : 'ipv6');
  if (kind(address) !== kind(plain(actual))) return false;
  const block = new BlockList();
  block.addSubnet(address, Number(bits ?? (isIPv4(address) ? 32 : 128)), kind(address));
  return block.check(plain(actual), kind(address));
};
