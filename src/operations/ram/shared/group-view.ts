import type { RamGroup } from '../../../domain/ram.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { object, optional, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

export const groupSchema = object({
  GroupId: string({ description: '`g-` and 16 letters and digits; stays when it is renamed.' }),
  GroupName: string(),
  Comments: string(),
  CreateDate: string({ description: 'UTC, whole seconds.' }),
  UpdateDate: string({ description: 'UTC, whole seconds.' }),
});

export const viewGroup = (group: RamGroup) => ({
  GroupId: group.groupId,
  GroupName: group.groupName,
  Comments: group.comments,
  CreateDate: formatSeconds(group.creationMs),
  UpdateDate: formatSeconds(group.updateMs),
});

export const exampleGroup = {
  GroupId: 'g-FpMEHiMysofpA1b2',
  GroupName: 'builders',
  Comments: 'Build servers',
  CreateDate: '2026-11-24T08:00:00Z',
  UpdateDate: '2026-11-24T08:00:00Z',
};

/** The rules of a group's fields, for parameters that begin with `prefix` (`''` or `New`). */
export const groupFields = <P extends '' | 'New'>(prefix: P) => ({
  name: {
    description: '1 to 64 letters, digits, `.`, `-` and `_`; unique in the account.',
    maxLength: 64,
    tooLong: `InvalidParameter.${prefix}GroupName.Length`,
    pattern: '^[A-Za-z0-9._-]+$',
    invalid: `InvalidParameter.${prefix}GroupName.InvalidChars`,
  },
  comments: optional(
    string({
      description: 'Up to 128 characters.',
      maxLength: 128,
      invalid: `InvalidParameter.${prefix}Comments.Length`,
      ...(prefix === 'New' && { emptyClears: true }),
    }),
  ),
});

type Context = Pick<ReadContext<'EntityNotExist.Group'>, 'caller' | 'tx' | 'fail'>;

/** The group of the caller's account. */
export const requireGroup = async (ctx: Context, groupName: string): Promise<RamGroup> => {
  const group = await ctx.tx.ramGroup(ctx.caller.accountId, groupName);
  if (group === undefined) throw ctx.fail('EntityNotExist.Group');
  return group;
};
