// Whether a role lets somebody assume it: its trust policy, which is kept only when it is understood.
// A Deny that fits wins; what is not known (a condition on a key that nothing here sets) allows nothing
// and denies.
import { conditionsHold, type ValueOf } from './policy/conditions.ts';
import { parseTrustPolicy, type TrustStatement } from './policy/document.ts';
import { matches } from './policy/match.ts';

const ASSUME = 'sts:assumerole';
const SUBJECT = 'oidc:sub';

export interface TrustRequest {
  /** `RAM`: an account, user or role of this cloud; `Federated`: whom an issuer of tokens vouches for. */
  kind: 'RAM' | 'Federated';
  /** Names of who asks; one of them must be among the principals of the statement. */
  arns: readonly string[];
  valueOf: ValueOf;
}

/** @param document the role's trust policy */
export const isTrusted = (document: string, request: TrustRequest): boolean => {
  const parsed = parseTrustPolicy(document);
  if (!parsed.ok) return false;
  const effects = parsed.value
    .filter((statement) => applies(statement, request))
    .map(({ effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
};

const applies = (statement: TrustStatement, { kind, arns, valueOf }: TrustRequest): boolean => {
  const { effect, actions, principal, conditions } = statement;
  const isAction = actions.patterns.some((pattern) => matches(pattern, ASSUME));
  if (isAction === actions.isNegated) return false;
  if (!principal[kind].some((one) => arns.includes(one))) return false;
  if (kind === 'Federated' && effect === 'Allow' && !namesSubject(statement)) return false;
  const holds = conditionsHold(conditions, valueOf);
  return holds === 'yes' || (holds === 'unknown' && effect === 'Deny');
};

/** An issuer vouches for many: without a condition on the subject a statement would let all of them in. */
const namesSubject = ({ conditions }: TrustStatement): boolean =>
  conditions.some(({ key }) => key === SUBJECT);

/** What is wrong with a trust policy, as a sentence for its author; undefined: nothing. */
export const trustFault = (document: string): string | undefined => {
  const parsed = parseTrustPolicy(document);
  if (!parsed.ok) return parsed.fault;
  const isOpen = parsed.value.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.principal.Federated.length > 0 &&
      !namesSubject(statement),
  );
  return isOpen
    ? 'A statement that trusts an issuer (Federated) needs a condition on oidc:sub: without one everybody whom the issuer knows could assume the role.'
    : undefined;
};
