import { defineOperation } from '../../operation.ts';
import {
  attachmentErrors,
  attachmentInput,
  attachmentOutput,
  changeAttachments,
} from './shared/key-pair-parameters.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const AttachKeyPair = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'AttachKeyPair',
  kind: 'write',
  docs: {
    summary: 'Gives instances a key pair; one that they have already is replaced.',
    notes:
      'The key pair of an instance is a word of its record: no machine is started that could have it. Each instance is a case of its own: the answer says which failed.',
  },
  input: attachmentInput,
  output: attachmentOutput,
  errors: attachmentErrors,
  cannotOccur: {},
  access: {
    action: 'ecs:AttachKeyPair',
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
  handler: (ctx, input) => changeAttachments(ctx, input, 'attach'),
});
