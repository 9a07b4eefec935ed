import { roleArn, type RamGroup, type RamRole, type RamUser } from '../../domain/ram.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { list, object, string } from '../../lib/schema.ts';
import { policyName, policyType, RAM_VERSION } from './shared/parameters.ts';
import { requirePolicy } from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListEntitiesForPolicy = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListEntitiesForPolicy',
  kind: 'read',
  docs: {
    summary: 'Lists the RAM users, groups and roles that a policy is attached to.',
  },
  input: object({ PolicyName: policyName, PolicyType: policyType }),
  output: object({
    Users: object({
      User: list(
        object({
          UserId: string(),
          UserName: string(),
          DisplayName: string(),
          AttachDate: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
    Groups: object({
      Group: list(
        object({
          GroupId: string(),
          GroupName: string(),
          Comments: string(),
          AttachDate: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
    Roles: object({
      Role: list(
        object({
          RoleId: string(),
          RoleName: string(),
          Arn: string(),
          Description: string(),
          AttachDate: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
  }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'EntityNotExist.Policy': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:ListEntitiesForPolicy',
    resource: (input) => `policy/${input.PolicyName}`,
  },
  example: {
    request: { PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {
      Users: {
        User: [
          {
            UserId: '222748924538012345',
            UserName: 'ci',
            DisplayName: 'Build server',
            AttachDate: '2026-11-24T08:00:00Z',
          },
        ],
      },
      Groups: { Group: [] },
      Roles: { Role: [] },
    },
  },
  async handler(ctx, input) {
    const { accountId } = ctx.caller;
    await requirePolicy(ctx, input.PolicyType, input.PolicyName);
    const attached = await ctx.tx.attachmentsOfPolicy(
      accountId,
      input.PolicyType,
      input.PolicyName,
    );
    const User = [];
    const Group = [];
    const Role = [];
    for (const { entityType, entityId, attachMs } of attached) {
      const AttachDate = formatSeconds(attachMs);
      if (entityType === 'user') {
        const user = await ctx.tx.ramUserById(accountId, entityId);
        if (user) User.push({ ...userOf(user), AttachDate });
      } else if (entityType === 'group') {
        const group = await ctx.tx.ramGroupById(accountId, entityId);
        if (group) Group.push({ ...groupOf(group), AttachDate });
      } else {
        const role = await ctx.tx.ramRoleById(accountId, entityId);
        if (role) Role.push({ ...roleOf(role), AttachDate });
      }
    }
    return { Users: { User }, Groups: { Group }, Roles: { Role } };
  },
});

const userOf = ({ userId, userName, displayName }: RamUser) => ({
  UserId: userId,
  UserName: userName,
  DisplayName: displayName,
});
const groupOf = ({ groupId, groupName, comments }: RamGroup) => ({
  GroupId: groupId,
  GroupName: groupName,
  Comments: comments,
});
const roleOf = ({ accountId, roleId, roleName, description }: RamRole) => ({
  RoleId: roleId,
  RoleName: roleName,
  Arn: roleArn(accountId, roleName),
  Description: description,
});
