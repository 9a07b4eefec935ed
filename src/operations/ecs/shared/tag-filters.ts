import type { CallContext } from '../../../operation.ts';
import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';

/** `Tag.N` as a filter: a tag without a value matches any value; a value needs its key. */
export const tagFilters = (
  tags: readonly RequestTag[],
):
  | { fault: 'InvalidTag.Mismatch'; parameter: string }
  | { tags: { tagKey: string; tagValue?: string }[] } => {
  const filters = [];
  for (const [i, { Key, Value }] of tags.entries()) {
    if (Key === undefined) return { fault: 'InvalidTag.Mismatch', parameter: `Tag.${i + 1}.Key` };
    filters.push({ tagKey: Key, ...given({ tagValue: Value }) });
  }
  return { tags: filters };
};

/** The same, for operations that answer nothing else about a tag. @throws when a value has no key */
export const requireTagFilters = (
  ctx: Pick<CallContext<'InvalidTag.Mismatch'>, 'fail'>,
  tags: readonly RequestTag[] = [],
): { tagKey: string; tagValue?: string }[] => {
  const read = tagFilters(tags);
  if ('fault' in read) throw ctx.fail(read.fault, { parameter: read.parameter });
  return read.tags;
};
