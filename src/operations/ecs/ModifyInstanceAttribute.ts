import { boolean, choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import type { Instance, InstanceDetail } from '../../domain/instance.ts';
import { isDescription, isResourceName } from '../../domain/naming.ts';
import { defineOperation, type WriteContext } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { given } from './shared/given.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { checkUserData, isHostName, isPassword } from './shared/instance-form.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

const NO_MACHINE = 'No machine runs here; it says how one would.';
const MAX_GROUPS = 16;
const flag = () => optional(boolean({ withoutEffect: NO_MACHINE }));
const text = () => optional(string({ withoutEffect: NO_MACHINE, maxLength: 512 }));

export const ModifyInstanceAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyInstanceAttribute',
  kind: 'write',
  docs: {
    summary: 'Changes name, description, host name, protection or security groups of an instance.',
    notes:
      'The record changes at once, whatever state the instance is in. A password is checked and thrown away: no machine runs here.',
  },
  input: object({
    InstanceId: instanceId(),
    RegionId: ownRegion,
    InstanceName: optional(string({ maxLength: 128, invalid: 'InvalidInstanceName.Malformed' })),
    Description: optional(string({ maxLength: 256, invalid: 'InvalidDescription.Malformed' })),
    HostName: optional(string({ maxLength: 64, invalid: 'InvalidHostName.Malformed' })),
    Password: optional(
      string({
        description: 'Checked and thrown away.',
        maxLength: 30,
        invalid: 'InvalidPassword.Malformed',
      }),
    ),
    UserData: optional(
      string({
        description: 'Base64, at most 32 KiB before it.',
        maxLength: 65_536,
        invalid: 'InvalidUserData.SizeExceeded',
      }),
    ),
    DeletionProtection: optional(boolean()),
    CreditSpecification: optional(choice(['Standard', 'Unlimited'])),
    SecurityGroupIds: optional(
      list(string({ maxLength: 128 }), {
        description: 'The groups that it is in from now on, N from 1 to 16.',
        maxItems: MAX_GROUPS,
        tooMany: 'InvalidParameter',
      }),
    ),
    Recyclable: flag(),
    EnableJumboFrame: flag(),
    EnableNetworkEncryption: flag(),
    NetworkInterfaceQueueNumber: optional(integer({ withoutEffect: NO_MACHINE })),
    CpuOptions: optional(
      object({
        Core: optional(integer({ withoutEffect: NO_MACHINE })),
        ThreadsPerCore: optional(integer({ withoutEffect: NO_MACHINE })),
        TopologyType: text(),
        NestedVirtualization: text(),
      }),
    ),
    PrivateDnsNameOptions: optional(
      object({
        EnableInstanceIdDnsAAAARecord: flag(),
        EnableInstanceIdDnsARecord: flag(),
        EnableIpDnsARecord: flag(),
        EnableIpDnsPtrRecord: flag(),
        HostnameType: text(),
      }),
    ),
    RemoteConnectionOptions: optional(object({ Password: text(), Type: text() })),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidParameter.Mismatch': 400,
    'InvalidInstanceName.Malformed': 400,
    'InvalidDescription.Malformed': 400,
    'InvalidHostName.Malformed': 400,
    'InvalidPassword.Malformed': 400,
    'InvalidUserData.SizeExceeded': 400,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
    'InvalidSecurityGroupId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:ModifyInstanceAttribute',
    resource: ({ InstanceId }) => `instance/${InstanceId}`,
  },
  example: {
    request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', InstanceName: 'web-1' },
    response: {},
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { InstanceName, Description, HostName, Password, UserData, SecurityGroupIds } = input;
    if (InstanceName !== undefined && !isResourceName(InstanceName))
      throw ctx.fail('InvalidInstanceName.Malformed');
    if (Description !== undefined && !isDescription(Description))
      throw ctx.fail('InvalidDescription.Malformed');
    if (HostName !== undefined && !isHostName(HostName))
      throw ctx.fail('InvalidHostName.Malformed');
    if (Password !== undefined && !isPassword(Password))
      throw ctx.fail('InvalidPassword.Malformed');
    if (UserData !== undefined) checkUserData(ctx, UserData);
    const instance = await requireInstance(ctx, input);
    if (SecurityGroupIds !== undefined) await requireGroups(ctx, instance, SecurityGroupIds);
    const changed: Partial<InstanceDetail> = given({
      description: Description,
      hostName: HostName,
      deletionProtection: input.DeletionProtection,
      creditSpecification: input.CreditSpecification,
      securityGroupIds: SecurityGroupIds && [...new Set(SecurityGroupIds)],
      sealedUserData: UserData && ctx.installation.seal(UserData),
    });
    await ctx.tx.updateResource(instance.resourceId, {
      detail: { ...without(instance.detail, UserData), ...changed },
      ...given({ resourceName: InstanceName }),
    });
    return {};
  },
});

/** The detail without the user data that others take the place of. */
const without = (detail: InstanceDetail, UserData: string | undefined): InstanceDetail => {
  if (UserData === undefined) return detail;
  const { sealedUserData: _sealed, userData: _clear, ...rest } = detail;
  return rest;
};

/** The groups exist and are of the instance's VPC, or all of the classic network. */
const requireGroups = async (
  ctx: Pick<
    WriteContext<'InvalidSecurityGroupId.NotFound' | 'InvalidParameter.Mismatch'>,
    'tx' | 'nowMs' | 'fail'
  >,
  instance: Instance,
  ids: readonly string[],
): Promise<void> => {
  for (const id of ids) {
    const group = await ctx.tx.resource(instance, 'securitygroup', id, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
    if (group.parentId !== instance.detail.vpcId)
      throw ctx.fail('InvalidParameter.Mismatch', {
        message: 'A security group is not of the VPC of the instance.',
      });
  }
};
