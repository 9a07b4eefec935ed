// What of a thing policies speak of, so that a row is read only for those that do.
import type { Policy } from './document.ts';

export interface Mentions {
  /** Its family, as a condition or as a resource. */
  family: boolean;
  /** Its tags. */
  tags: boolean;
}

/** What can be told to be no name of a family: `*`, an ARN of another kind, or of everything of a service. */
const NO_FAMILY = /^(?:\*|acs:[^:]*:[^:]*:[^:]*:(?:\*|(?!imagefamily\/)[a-z]+\/.*))$/su;
const TAGS = /^(?:ecs:tag|acs:resourcetag)\//;

export const mentionsOf = (policies: readonly Policy[]): Mentions => {
  const statements = policies.flatMap((policy) => policy.statements);
  const keys = statements.flatMap(({ conditions }) => conditions.map(({ key }) => key));
  return {
    family:
      keys.includes('ecs:imagefamily') ||
      statements.some(({ resources }) => resources.patterns.some((one) => !NO_FAMILY.test(one))),
    tags: keys.some((key) => TAGS.test(key)),
  };
};
