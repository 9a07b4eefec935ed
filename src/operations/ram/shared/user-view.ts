import type { RamUser } from '../../../domain/ram.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { object, optional, string, type StringNotes } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

export const userSchema = object({
  UserId: string({ description: '18 digits; stays when the user is renamed.' }),
  UserName: string(),
  DisplayName: string(),
  MobilePhone: string(),
  Email: string(),
  Comments: string(),
  CreateDate: string({ description: 'UTC, whole seconds.' }),
  UpdateDate: string({ description: 'UTC, whole seconds.' }),
});

export const viewUser = (user: RamUser) => ({
  UserId: user.userId,
  UserName: user.userName,
  DisplayName: user.displayName,
  MobilePhone: user.mobilePhone,
  Email: user.email,
  Comments: user.comments,
  CreateDate: formatSeconds(user.creationMs),
  UpdateDate: formatSeconds(user.updateMs),
});

export const exampleUser = {
  UserId: '222748924538012345',
  UserName: 'ci',
  DisplayName: 'Build server',
  MobilePhone: '',
  Email: '',
  Comments: '',
  CreateDate: '2026-11-24T08:00:00Z',
  UpdateDate: '2026-11-24T08:00:00Z',
};

/** The rules of a user's fields, for parameters that begin with `prefix` (`''` or `New`). */
export const userFields = <P extends '' | 'New'>(prefix: P) => {
  const text = (name: string, fault: string, notes: StringNotes) =>
    optional(
      string({
        ...notes,
        invalid: `InvalidParameter.${prefix}${name}.${fault}`,
        ...(prefix === 'New' && { emptyClears: true }),
      }),
    );
  return {
    name: {
      description: '1 to 64 letters, digits, `.`, `-` and `_`; unique in the account.',
      maxLength: 64,
      tooLong: `InvalidParameter.${prefix}UserName.Length`,
      pattern: '^[A-Za-z0-9._-]+$',
      invalid: `InvalidParameter.${prefix}UserName.InvalidChars`,
    },
    displayName: text('DisplayName', 'InvalidChars', {
      description: '1 to 128 letters of any alphabet, digits, spaces and `@` `.` `_` `-`.',
      maxLength: 128,
      tooLong: `InvalidParameter.${prefix}DisplayName.Length`,
      pattern: '^[\\p{L}\\p{M}\\p{N} @._-]+$',
    }),
    mobilePhone: text('MobilePhone', 'Format', {
      description: 'Country code and number, as `86-13800000000`.',
      maxLength: 32,
      pattern: '^\\+?\\d{1,4}-\\d{4,20}$',
    }),
    email: text('Email', 'Format', { maxLength: 254, pattern: '^[^\\s@]{1,64}@[^\\s@]{1,189}$' }),
    comments: text('Comments', 'Length', { description: 'Up to 128 characters.', maxLength: 128 }),
  };
};

type Context = Pick<ReadContext<'EntityNotExist.User'>, 'caller' | 'tx' | 'fail'>;

/** The user of the caller's account. */
export const requireUser = async (ctx: Context, userName: string): Promise<RamUser> => {
  const user = await ctx.tx.ramUser(ctx.caller.accountId, userName);
  if (user === undefined) throw ctx.fail('EntityNotExist.User');
  return user;
};
