// Reads a policy document: JSON text in the vendor's policy language, Version "1". What it does not know
// it refuses, so that nobody relies on a line that has no effect; a text that is refused allows nothing.
// Permission policies name no principal; trust policies of roles name nothing else but a principal.
import { OPERATORS, VALUE_RULES } from './operators.ts';

/** Characters of a document. With the fixed shape this bounds everything else. */
export const MAX_POLICY_CHARACTERS = 6_144;
export const MAX_TRUST_POLICY_CHARACTERS = 2_048;
/** Statements of a document. */
export const MAX_STATEMENTS = 100;
/** Lists and objects inside of one another: document, statements, one, Condition, operator, values. */
const MAX_DEPTH = 6;

export interface Policy {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Patterns in lower case. */
  readonly actions: Patterns;
  readonly resources: Patterns;
  /** Every one must hold. */
  readonly conditions: readonly Condition[];
}

/** What fits one of the patterns; with `isNegated` (NotAction, NotResource) what fits none. */
export interface Patterns {
  readonly isNegated: boolean;
  readonly patterns: readonly string[];
}

export interface Condition {
  /** A name of OPERATORS. */
  readonly operator: string;
  /** In lower case up to the first `/`: `ecs:tag/<key>` keeps the case of the tag's key. */
  readonly key: string;
  /** One of them must fit. */
  readonly values: readonly string[];
}

export interface TrustStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** `RAM`: ARNs of accounts, users and roles; `Service`: domains; `Federated`: ARNs of providers. */
  readonly principal: Readonly<Record<PrincipalKind, readonly string[]>>;
  readonly conditions: readonly Condition[];
}

export type PrincipalKind = 'RAM' | 'Service' | 'Federated';

/** `fault` is a sentence for who wrote the document. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; fault: string };

/** A permission policy (of users, roles and sessions). */
export const parsePolicy = (text: string): Parsed<Policy> =>
  parsed(() => ({ statements: readStatements(text, MAX_POLICY_CHARACTERS, readStatement) }));

/** A role's trust policy: who may assume it. */
export const parseTrustPolicy = (text: string): Parsed<readonly TrustStatement[]> =>
  parsed(() => readStatements(text, MAX_TRUST_POLICY_CHARACTERS, readTrustStatement));

/** The key as conditions and requests are compared by. */
export const conditionKey = (key: string): string => {
  const slash = key.indexOf('/');
  return slash < 0 ? key.toLowerCase() : key.slice(0, slash).toLowerCase() + key.slice(slash);
};

class Fault extends Error {}

const parsed = <T>(read: () => T): Parsed<T> => {
  try {
    return { ok: true, value: read() };
  } catch (thrown) {
    if (thrown instanceof Fault) return { ok: false, fault: thrown.message };
    throw thrown;
  }
};

type Members = Readonly<Record<string, unknown>>;

const readStatements = <T>(text: string, max: number, read: (members: Members) => T): T[] => {
  if (text.length > max) throw new Fault(`The policy document is longer than ${max} characters.`);
  const document = membersOf(readJson(text), 'The policy document');
  allow(document, ['Version', 'Statement'], 'the policy document');
  if (document.Version !== '1') throw new Fault('Version must be "1".');
  const list = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  if (list.length === 0) throw new Fault('Statement is empty.');
  if (list.length > MAX_STATEMENTS)
    throw new Fault(`The policy document has more than ${MAX_STATEMENTS} statements.`);
  return list.map((entry: unknown) => read(membersOf(entry, 'A statement')));
};

const readJson = (text: string): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault('The policy document is not valid JSON.');
  }
  // JSON.parse keeps the last of two equal names: a condition that the author sees would be lost.
  let written = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g))
    if (colon !== undefined) written += 1;
  if (written !== countMembers(value))
    throw new Fault('The policy document has the same element twice.');
  return value;
};

const countMembers = (value: unknown, depth = 0): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) throw new Fault('The policy document is nested too deep.');
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  const inside = Object.values(value).map((member) => countMembers(member, depth + 1));
  return inside.reduce((sum, count) => sum + count, own);
};

const membersOf = (value: unknown, what: string): Members => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault(`${what} must be a JSON object.`);
  return { __proto__: null, ...value };
};

const allow = (members: Members, names: readonly string[], where: string): void => {
  const unknown = Object.keys(members).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Fault(`"${shown(unknown)}" is not an element of ${where}.`);
};

/** Text of the author's, short enough for a sentence. */
const shown = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text);

const readStatement = (members: Members): Statement => {
  allow(
    members,
    ['Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
    'a statement of a permission policy',
  );
  return {
    effect: readEffect(members),
    actions: readActions(members),
    resources: readPatterns(members, 'Resource', isResource),
    conditions: readConditions(members.Condition),
  };
};

const readTrustStatement = (members: Members): TrustStatement => {
  allow(members, ['Effect', 'Action', 'Principal', 'Condition'], 'a statement of a trust policy');
  const principal = membersOf(members.Principal, 'Principal');
  allow(principal, ['RAM', 'Service', 'Federated'], 'Principal');
  if (Object.keys(principal).length === 0) throw new Fault('Principal is empty.');
  const ofKind = (kind: PrincipalKind): readonly string[] =>
    principal[kind] === undefined ? [] : textsOf(principal[kind], kind);
  return {
    effect: readEffect(members),
    actions: readActions(members),
    principal: { RAM: ofKind('RAM'), Service: ofKind('Service'), Federated: ofKind('Federated') },
    conditions: readConditions(members.Condition),
  };
};

const readEffect = ({ Effect }: Members): 'Allow' | 'Deny' => {
  if (Effect === 'Allow' || Effect === 'Deny') return Effect;
  throw new Fault('Effect must be "Allow" or "Deny".');
};

/** `*`, or `<service>:<action>` with wildcards in both. */
const isAction = (text: string): boolean => /^(?:\*|[\w*?-]{1,64}:[\w*?.-]{1,128})$/.test(text);

/** `*`, or an ARN of five parts, of which the last may have colons: `acs:ecs:*:*:image/*`. */
const isResource = (text: string): boolean => text === '*' || /^acs:(?:[^:]*:){3}.+$/su.test(text);

const readActions = (members: Members): Patterns => {
  const { isNegated, patterns } = readPatterns(members, 'Action', isAction);
  return { isNegated, patterns: patterns.map((pattern) => pattern.toLowerCase()) };
};

const readPatterns = (
  members: Members,
  name: 'Action' | 'Resource',
  isValid: (text: string) => boolean,
): Patterns => {
  const [plain, negated] = [members[name], members[`Not${name}`]];
  if ((plain === undefined) === (negated === undefined))
    throw new Fault(`A statement needs ${name} or Not${name}, and not both.`);
  const patterns = textsOf(plain ?? negated, name);
  const wrong = patterns.find((pattern) => !isValid(pattern));
  if (wrong !== undefined) throw new Fault(`"${shown(wrong)}" is not a valid ${name}.`);
  return { isNegated: plain === undefined, patterns };
};

/** One text or a list of them, never empty. */
const textsOf = (value: unknown, name: string): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new Fault(`${name} is empty.`);
  return list.map((text) => {
    if (typeof text !== 'string' || text === '')
      throw new Fault(`${name} must be a text or a list of texts.`);
    return text;
  });
};

const readConditions = (value: unknown): Condition[] => {
  if (value === undefined) return [];
  return Object.entries(membersOf(value, 'Condition')).flatMap(([name, keys]) => {
    const operator = OPERATORS.get(name);
    if (operator === undefined) throw new Fault(`"${shown(name)}" is not a known operator.`);
    return Object.entries(membersOf(keys, name)).map(([key, wanted]) => {
      if (!/^[\w-]+:[^\s/]+(?:\/.+)?$/u.test(key))
        throw new Fault(`"${shown(key)}" is not a condition key.`);
      const values = wantedValues(wanted, key);
      const wrong = values.find((text) => !VALUE_RULES[operator.kind](text));
      if (wrong !== undefined)
        throw new Fault(`"${shown(wrong)}" is not a value that ${name} can compare.`);
      return { operator: name, key: conditionKey(key), values };
    });
  });
};

/** Numbers and booleans may be written without quotes. */
const wantedValues = (value: unknown, key: string): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new Fault(`The condition key ${shown(key)} has no value.`);
  return list.map((one) => {
    if (typeof one === 'string') return one;
    if (typeof one === 'boolean' || typeof one === 'number') return String(one);
    throw new Fault(`The values of ${shown(key)} must be texts.`);
  });
};
