// Whether policies allow a request: a pure function of both. A Deny that fits wins over everything; then
// an Allow must fit; else nothing allows it. A role's session may be given a policy of its own: then
// both must allow.
import { conditionsHold, type ValueOf } from './conditions.ts';
import type { Patterns, Policy, Statement } from './document.ts';
import { matches } from './match.ts';

export interface AccessRequest {
  /** `ecs:DescribeImages`, compared without regard to case. */
  action: string;
  /**
   * The names of the one thing that it is about, compared with regard to case. An image has two: its own
   * ARN and its family's. A pattern that fits one of them fits the thing.
   */
  resources: readonly string[];
  valueOf: ValueOf;
}

export interface Decision {
  effect: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  /** Where a denial comes from. */
  from: 'identity' | 'session';
}

/** @param session the policy of the role's session, if it has one */
export const evaluate = (
  policies: readonly Policy[],
  request: AccessRequest,
  session?: Policy,
): Decision => {
  const identity = decide(policies, request);
  const limited = session === undefined ? 'Allow' : decide([session], request);
  if (identity === 'ExplicitDeny' || limited === 'Allow')
    return { effect: identity, from: 'identity' };
  if (limited === 'ExplicitDeny') return { effect: limited, from: 'session' };
  return { effect: 'ImplicitDeny', from: identity === 'Allow' ? 'session' : 'identity' };
};

const decide = (policies: readonly Policy[], request: AccessRequest): Decision['effect'] => {
  const action = request.action.toLowerCase();
  let isAllowed = false;
  for (const { statements } of policies)
    for (const statement of statements) {
      if (!applies(statement, action, request)) continue;
      if (statement.effect === 'Deny') return 'ExplicitDeny';
      isAllowed = true;
    }
  return isAllowed ? 'Allow' : 'ImplicitDeny';
};

const applies = (
  { effect, actions, resources, conditions }: Statement,
  action: string,
  request: AccessRequest,
): boolean => {
  if (!fits(actions, [action]) || !fits(resources, request.resources)) return false;
  const holds = conditionsHold(conditions, request.valueOf);
  return holds === 'yes' || (holds === 'unknown' && effect === 'Deny');
};

const fits = ({ isNegated, patterns }: Patterns, names: readonly string[]): boolean =>
  patterns.some((pattern) => names.some((name) => matches(pattern, name))) !== isNegated;
