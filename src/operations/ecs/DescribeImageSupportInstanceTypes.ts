import { typesFor } from '../../domain/instance-type.ts';
import type { RegionId } from '../../domain/ids.ts';
import { findVisible } from '../../domain/visible.ts';
import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, imageId, owners, regionId } from './shared/parameters.ts';

const invalid = 'InvalidParamter';

export const DescribeImageSupportInstanceTypes = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImageSupportInstanceTypes',
  kind: 'read',
  docs: {
    summary: 'Lists the instance types that run an image.',
    notes:
      'Those of DescribeInstanceTypes whose processors fit the architecture of the image; nothing else of it excludes a type, and no machine is made here.',
  },
  input: object({
    RegionId: regionId(),
    ImageId: imageId('The image: own, shared, published or public.', 'MissingImageId'),
    ActionType: optional(
      choice(['CreateEcs', 'ChangeOS'], {
        invalid: 'InvalidUsage',
        withoutEffect: 'Own images serve every scenario alike.',
      }),
    ),
    Filter: optional(
      list(object({ Key: optional(string()), Value: optional(string()) }), {
        maxItems: 10,
        invalid,
        withoutEffect: 'The vendor takes one key, imageId, and does not filter by it.',
      }),
    ),
    ...owners,
  }),
  output: object({
    ImageId: string(),
    RegionId: string(),
    InstanceTypes: object({
      InstanceType: list(
        object({
          InstanceTypeId: string(),
          InstanceTypeFamily: string(),
          CpuCoreCount: integer({ description: 'vCPUs.' }),
          MemorySize: integer({ description: 'GiB.' }),
        }),
      ),
    }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    InvalidParamter: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidImageId.NotFound': 404,
    InvalidUsage: 404,
  },
  cannotOccur: {
    '400 InvalidInstanceType.ValueNotSupported': 'No parameter names a type.',
  },
  access: {
    action: 'ecs:DescribeImageSupportInstanceTypes',
    resource: ({ ImageId }) => `image/${ImageId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageId: 'm-bp1ejhb4r1lyu55t0def' },
    response: {
      ImageId: 'm-bp1ejhb4r1lyu55t0def',
      RegionId: 'cn-hangzhou',
      InstanceTypes: {
        InstanceType: [
          {
            InstanceTypeId: 'ecs.g7.large',
            InstanceTypeFamily: 'ecs.g7',
            CpuCoreCount: 2,
            MemorySize: 8,
          },
        ],
      },
    },
  },
  async handler(ctx, { RegionId, ImageId }) {
    const { tx, caller, settings } = ctx;
    const found = await findVisible(tx, caller, RegionId as RegionId, ImageId, settings);
    if (found === undefined) throw ctx.fail('InvalidImageId.NotFound');
    const InstanceType = typesFor(found.image.architecture).map((type) => ({
      InstanceTypeId: type.instanceTypeId,
      InstanceTypeFamily: type.instanceTypeFamily,
      CpuCoreCount: type.cpuCoreCount,
      MemorySize: type.memoryGib,
    }));
    return { ImageId, RegionId, InstanceTypes: { InstanceType } };
  },
});
