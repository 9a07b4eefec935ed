// Tags of roles and custom policies. A policy has no id of its own, so that its tags are kept under
// account and name.
import { EVERYWHERE } from '../../../domain/resource-group.ts';
import type { AccountId } from '../../../domain/ids.ts';
import { MAX_RAM_POLICIES } from '../../../domain/ram.ts';
import { isTagKey, isTagValue, MAX_TAGS_PER_RESOURCE, type Tag } from '../../../domain/tag.ts';
import { removeTags, setTags, type Tagged } from '../../../domain/tagging.ts';
import { list, object, string } from '../../../lib/schema.ts';
import type { ReadContext, WriteContext } from '../../../operation.ts';

type Type = 'role' | 'policy';
type Reader = Pick<ReadContext<never>, 'caller' | 'tx'>;
type Given = readonly { Key: string; Value?: string }[];

/** `roleId` of a role, the name of a policy. */
export type Thing = { type: 'role'; roleId: string } | { type: 'policy'; name: string };

export const tagsSchema = object({
  Tag: list(object({ TagKey: string(), TagValue: string() })),
});
export const exampleTags = { Tag: [{ TagKey: 'team', TagValue: 'images' }] };

const TYPES = { role: 'ramrole', policy: 'rampolicy' } as const;
const scopeOf = (accountId: AccountId) => ({ accountId, regionId: EVERYWHERE });

const boundTo = (thing: Thing, accountId: AccountId) => ({
  resourceType: TYPES[thing.type],
  resourceId: thing.type === 'role' ? thing.roleId : `${accountId}:${thing.name}`,
});

/** The tags of everything of a type, by RoleId or by the name of the policy. */
export const tagsOf = async (
  { tx, caller }: Reader,
  type: Type,
): Promise<Map<string, { TagKey: string; TagValue: string }[]>> => {
  const bindings = await tx.tagBindings(scopeOf(caller.accountId), {
    resourceType: TYPES[type],
    limit: MAX_RAM_POLICIES * MAX_TAGS_PER_RESOURCE,
  });
  const found = new Map<string, { TagKey: string; TagValue: string }[]>();
  for (const { resourceId, tagKey, tagValue } of bindings) {
    const key = resourceId.slice(resourceId.indexOf(':') + 1);
    found.set(key, [...(found.get(key) ?? []), { TagKey: tagKey, TagValue: tagValue }]);
  }
  return found;
};

/** Whether every wanted tag is there; one without a value fits any value. */
export const hasTags = (
  tags: readonly { TagKey: string; TagValue: string }[],
  wanted: Given = [],
): boolean =>
  wanted.every(({ Key, Value }) =>
    tags.some(({ TagKey, TagValue }) => TagKey === Key && (Value ?? TagValue) === TagValue),
  );

/** @throws InvalidParameter.Tag when a tag breaks the rules or a key is given twice */
const readTags = (
  ctx: Pick<WriteContext<'InvalidParameter.Tag'>, 'fail'>,
  given: Given,
): readonly Tag[] => {
  const tags = given.map(({ Key, Value = '' }) => ({ tagKey: Key, tagValue: Value }));
  const areRight = tags.every(({ tagKey, tagValue }) => isTagKey(tagKey) && isTagValue(tagValue));
  if (!areRight || new Set(tags.map(({ tagKey }) => tagKey)).size < tags.length)
    throw ctx.fail('InvalidParameter.Tag');
  return tags;
};

const taggedOf = async ({ tx, caller }: Reader, thing: Thing): Promise<Tagged> => {
  const { resourceType, resourceId } = boundTo(thing, caller.accountId);
  const filter = { resourceType, resourceIds: [resourceId], limit: MAX_TAGS_PER_RESOURCE };
  const tags = await tx.tagBindings(scopeOf(caller.accountId), filter);
  return { resourceType, resourceId, tags, image: undefined };
};

/** Adds tags; a key that is there gets the new value. */
export const addTags = async (
  ctx: Pick<WriteContext<'InvalidParameter.Tag'>, 'caller' | 'tx' | 'fail'>,
  thing: Thing,
  given: Given = [],
): Promise<void> => {
  const tags = readTags(ctx, given);
  const tagged = await taggedOf(ctx, thing);
  if (!(await setTags(ctx.tx, scopeOf(ctx.caller.accountId), tagged, tags)))
    throw ctx.fail('InvalidParameter.Tag');
};

/** Takes away the tags with these keys, or all. */
export const clearTags = async (
  ctx: Pick<WriteContext<never>, 'caller' | 'tx'>,
  thing: Thing,
  keys?: readonly string[],
): Promise<void> => {
  const tagged = await taggedOf(ctx, thing);
  await removeTags(ctx.tx, tagged, ({ tagKey }) => keys === undefined || keys.includes(tagKey));
};

/** The things that a call names, each of which must be there. */
export const requireThings = async (
  ctx: Pick<ReadContext<'EntityNotExist.Role' | 'EntityNotExist.Policy'>, 'caller' | 'tx' | 'fail'>,
  type: Type,
  names: readonly string[],
): Promise<Thing[]> => {
  const { accountId } = ctx.caller;
  const things: Thing[] = [];
  for (const name of names) {
    if (type === 'role') {
      const role = await ctx.tx.ramRole(accountId, name);
      if (role === undefined) throw ctx.fail('EntityNotExist.Role');
      things.push({ type, roleId: role.roleId });
    } else {
      const policy = await ctx.tx.ramPolicy(accountId, name);
      if (policy === undefined) throw ctx.fail('EntityNotExist.Policy');
      things.push({ type, name });
    }
  }
  return things;
};
