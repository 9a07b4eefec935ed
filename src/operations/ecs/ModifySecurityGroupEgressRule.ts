import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { modify } from './shared/change-security-group-rules.ts';
import { RECORD_ONLY } from './shared/network-parameters.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { modifyErrors, modifyInput } from './shared/security-group-rules.ts';

export const ModifySecurityGroupEgressRule = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifySecurityGroupEgressRule',
  kind: 'write',
  docs: {
    summary: 'Changes a rule for the way out of a security group.',
    notes: `${RECORD_ONLY} With \`SecurityGroupRuleId\` what is given is changed, but not the kind of the destination. Without it the rule with these words gets the description.`,
  },
  input: modifyInput.egress,
  output: object({}),
  errors: modifyErrors.egress,
  cannotOccur: {},
  access: {
    action: 'ecs:ModifySecurityGroupEgressRule',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1',
      IpProtocol: 'tcp',
      PortRange: '22/22',
      DestCidrIp: '10.0.0.0/8',
      Description: 'shell',
    },
    response: {},
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  handler: (ctx, input) => modify(ctx, input, 'egress'),
});
