import { imageAsked } from '../../domain/policy/thing.ts';
import { integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { instanceParameters } from './shared/instance-parameters.ts';
import { createWithoutEffect, instanceWithoutEffect } from './shared/instance-without-effect.ts';
import { makeInstances } from './shared/make-instances.ts';
import { makeInstancesErrors, neverOfInstances } from './shared/make-instances-errors.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const CreateInstance = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateInstance',
  kind: 'write',
  docs: {
    summary: 'Makes the record of one instance, left Stopped; no machine is started.',
    notes:
      'The older way to make one instance, which Packer and libcloud still go: StartInstance starts it and AllocatePublicIpAddress gives it a public address. All else is as with RunInstances.',
  },
  input: object({
    ...instanceParameters,
    InternetMaxBandwidthOut: optional(
      integer({ description: 'Mbit/s, 0 to 100; kept for AllocatePublicIpAddress.', maximum: 100 }),
    ),
    InternetMaxBandwidthIn: optional(integer({ description: 'Mbit/s, 0 to 200.', maximum: 200 })),
    ...instanceWithoutEffect,
    ...createWithoutEffect,
  }),
  output: object({ InstanceId: string() }),
  errors: { ...makeInstancesErrors, 'InvalidIoOptimizedValue.ValueNotSupported': 400 },
  cannotOccur: {
    ...neverOfInstances,
    '400 IncorrectImageStatus': 'Nothing is encrypted here.',
    '404 InvalidSystemDiskSize':
      'A wrong size is answered with InvalidSystemDiskSize.ValueNotSupported.',
  },
  access: { action: 'ecs:CreateInstance', resource: (input) => ['instance/*', imageAsked(input)] },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageId: 'm-bp146shijn7hujku9exp',
      InstanceType: 'ecs.g7.large',
    },
    response: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' },
  },
  recordsOnly: true,
  dryRun: true,
  idempotency: { mismatch: 'InvalidClientToken.ValueNotSupported' },
  async handler(ctx, wanted) {
    const [InstanceId = ''] = await makeInstances(ctx, {
      wanted,
      amount: 1,
      uniqueSuffix: false,
      isPublic: false,
      hostNames: [],
      settled: 'Stopped',
      detail: {
        internetMaxBandwidthOut: wanted.InternetMaxBandwidthOut ?? 0,
        internetMaxBandwidthIn: wanted.InternetMaxBandwidthIn ?? 0,
        spotStrategy: wanted.SpotStrategy ?? 'NoSpot',
      },
    });
    return { InstanceId };
  },
});
