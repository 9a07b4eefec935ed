// Whether the conditions of a statement hold. There are three answers, because a policy may name a key
// that nothing here knows: such a statement must not allow anything, and must not fail to deny.
import type { Condition } from './document.ts';
import { OPERATORS, VALUE_RULES } from './operators.ts';

/**
 * The request's value of a condition key (in the spelling of `conditionKey`): null when it is known that
 * there is none (an image without that tag), undefined when it is not known.
 */
export type ValueOf = (key: string) => string | null | undefined;

export type Holds = 'yes' | 'no' | 'unknown';

/** All of them: one that does not hold settles it, whatever is unknown beside it. */
export const conditionsHold = (conditions: readonly Condition[], valueOf: ValueOf): Holds => {
  let outcome: Holds = 'yes';
  for (const condition of conditions) {
    const holds = conditionHolds(condition, valueOf);
    if (holds === 'no') return 'no';
    if (holds === 'unknown') outcome = 'unknown';
  }
  return outcome;
};

/** One value of the policy must fit; with an operator of negation none may. What is absent fits nothing. */
const conditionHolds = ({ operator, key, values }: Condition, valueOf: ValueOf): Holds => {
  const known = OPERATORS.get(operator);
  const actual = valueOf(key);
  if (known === undefined || actual === undefined) return 'unknown';
  // A number was asked of what is none: neither the operator nor its negation says anything.
  if (actual !== null && !VALUE_RULES[known.kind](actual)) return 'unknown';
  const fits = actual !== null && values.some((wanted) => known.fits(actual, wanted));
  return fits === known.isNegated ? 'no' : 'yes';
};
