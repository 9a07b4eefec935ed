import { countIn, vpcOf } from '../../domain/network.ts';
import { removeResource } from '../../domain/resource-lifecycle.ts';
import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { findById } from './shared/find-by-id.ts';
import { anyRegionId, idOf } from './shared/network-parameters.ts';
import { dryRun, ECS_VERSION, owners } from './shared/parameters.ts';

export const DeleteVpc = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteVpc',
  kind: 'write',
  docs: { summary: 'Deletes a VPC that has no vSwitch and no security group, at once.' },
  input: object({
    RegionId: anyRegionId,
    VpcId: idOf('The VPC.', 'InvalidVpcId.NotFound'),
    ForceDelete: optional(
      boolean({
        withoutEffect:
          'It takes along what is not kept here (gateways), never vSwitches or groups.',
      }),
    ),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    DryRunOperation: 400,
    IncorrectVpcStatus: 400,
    'DependencyViolation.VSwitch': 400,
    'DependencyViolation.SecurityGroup': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidVpcId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:DeleteVpc', resource: ({ VpcId }) => `vpc/${VpcId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1ejhb4r1lyu55t0abc' },
    response: {},
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const vpc = await findById(ctx, input.RegionId, input.VpcId, (scope) =>
      vpcOf(tx, scope, input.VpcId, nowMs),
    );
    if (vpc === undefined) throw ctx.fail('InvalidVpcId.NotFound');
    if (vpc.status === 'Pending') throw ctx.fail('IncorrectVpcStatus');
    const has = (type: 'vswitch' | 'securitygroup') =>
      countIn(tx, vpc, type, vpc.resourceId, nowMs);
    if ((await has('vswitch')) > 0) throw ctx.fail('DependencyViolation.VSwitch');
    if ((await has('securitygroup')) > 0) throw ctx.fail('DependencyViolation.SecurityGroup');
    await removeResource(tx, vpc);
    return {};
  },
});
