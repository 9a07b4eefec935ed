import { defineOperation } from '../../operation.ts';
import {
  attachmentErrors,
  attachmentInput,
  attachmentOutput,
  changeAttachments,
} from './shared/key-pair-parameters.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const DetachKeyPair = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DetachKeyPair',
  kind: 'write',
  docs: {
    summary: 'Takes a key pair from instances that have it.',
    notes: 'Each instance is a case of its own: the answer says which failed.',
  },
  input: attachmentInput,
  output: attachmentOutput,
  errors: attachmentErrors,
  cannotOccur: {},
  access: {
    action: 'ecs:DetachKeyPair',
    resource: ({ KeyPairName }) => `keypair/${KeyPairName}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      KeyPairName: 'builder',
      InstanceIds: '["i-bp1ejhb4r1lyu55t0abc"]',
    },
    response: {
      KeyPairName: 'builder',
      TotalCount: '1',
      FailCount: '0',
      Results: {
        Result: [
          {
            InstanceId: 'i-bp1ejhb4r1lyu55t0abc',
            Success: 'true',
            Code: '200',
            Message: 'successful',
          },
        ],
      },
    },
  },
  recordsOnly: true,
  handler: (ctx, input) => changeAttachments(ctx, input, 'detach'),
});
