import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { authorize } from './shared/change-security-group-rules.ts';
import { RECORD_ONLY } from './shared/network-parameters.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { authorizeErrors, authorizeInput } from './shared/security-group-rules.ts';

export const AuthorizeSecurityGroup = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AuthorizeSecurityGroup',
  kind: 'write',
  docs: {
    summary: 'Adds rules for the way in to a security group.',
    notes: `${RECORD_ONLY} All or nothing. A rule that the group has already, priority included, is not added again, and the call succeeds. With a block of addresses and a group the block is the source.`,
  },
  input: authorizeInput.ingress,
  output: object({}),
  errors: authorizeErrors.ingress,
  cannotOccur: {},
  access: {
    action: 'ecs:AuthorizeSecurityGroup',
    resource: ({ SecurityGroupId }) => `securitygroup/${SecurityGroupId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      SecurityGroupId: 'sg-bp1fg655nh68xyz9a0b1',
      'Permissions.1.IpProtocol': 'tcp',
      'Permissions.1.PortRange': '22/22',
      'Permissions.1.SourceCidrIp': '10.0.0.0/8',
    },
    response: {},
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  handler: (ctx, input) => authorize(ctx, input, 'ingress'),
});
