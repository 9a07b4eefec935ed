import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { revoke } from './shared/change-security-group-rules.ts';
import { RECORD_ONLY } from './shared/network-parameters.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { revokeErrors, revokeInput } from './shared/security-group-rules.ts';

export const RevokeSecurityGroupEgress = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'RevokeSecurityGroupEgress',
  kind: 'write',
  docs: {
    summary: 'Removes rules for the way out from a security group.',
    notes: `${RECORD_ONLY} Rules are named by id or by their words. An absent \`Priority\` stands for every priority; the description does not count. Words that fit no rule are no error, as with the vendor; an unknown id is one.`,
  },
  input: revokeInput.egress,
  output: object({}),
  errors: revokeErrors.egress,
  cannotOccur: {},
  access: {
    action: 'ecs:RevokeSecurityGroupEgress',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1',
      IpProtocol: 'tcp',
      PortRange: '22/22',
      DestCidrIp: '10.0.0.0/8',
    },
    response: {},
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  handler: (ctx, input) => revoke(ctx, input, 'egress'),
});
