import { roleArn, type RamRole } from '../../../domain/ram.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { integer, object, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

export const roleItem = {
  RoleId: string({ description: '18 digits.' }),
  RoleName: string(),
  Arn: string({ description: '`acs:ram::<AccountId>:role/<RoleName>`' }),
  Description: string(),
  MaxSessionDuration: integer({ description: 'Longest session, seconds.' }),
  CreateDate: string({ description: 'UTC, whole seconds.' }),
  UpdateDate: string({ description: 'UTC, whole seconds.' }),
};

export const roleSchema = object({
  ...roleItem,
  AssumeRolePolicyDocument: string({ description: 'The trust policy: who may assume the role.' }),
});

export const viewRoleItem = (role: RamRole) => ({
  RoleId: role.roleId,
  RoleName: role.roleName,
  Arn: roleArn(role.accountId, role.roleName),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  CreateDate: formatSeconds(role.creationMs),
  UpdateDate: formatSeconds(role.updateMs),
});

export const viewRole = (role: RamRole) => ({
  ...viewRoleItem(role),
  AssumeRolePolicyDocument: role.assumeRolePolicyDocument,
});

export const exampleTrust =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}';

export const exampleRoleItem = {
  RoleId: '322748924538012345',
  RoleName: 'image-reader',
  Arn: 'acs:ram::1234567890123456:role/image-reader',
  Description: '',
  MaxSessionDuration: 3600,
  CreateDate: '2026-11-24T08:00:00Z',
  UpdateDate: '2026-11-24T08:00:00Z',
};

type Context = Pick<ReadContext<'EntityNotExist.Role'>, 'caller' | 'tx' | 'fail'>;

/** The role of the caller's account. */
export const requireRole = async (ctx: Context, roleName: string): Promise<RamRole> => {
  const role = await ctx.tx.ramRole(ctx.caller.accountId, roleName);
  if (role === undefined) throw ctx.fail('EntityNotExist.Role');
  return role;
};
