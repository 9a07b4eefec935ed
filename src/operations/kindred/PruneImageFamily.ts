import { DAY_MS, executePrune, planPrune } from '../../domain/family-prune.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { regionId } from '../ecs/shared/parameters.ts';
import { imageFamily, ownFamily } from './shared/family-parameter.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

const imageSchema = object({
  ImageId: string(),
  ImageName: string(),
  CreationTime: string({ description: 'UTC.' }),
  SizeBytes: integer({ description: 'Bytes stored for its disks, whoever else names them.' }),
  Outcome: string({ description: '`deleted`, `would delete` or `kept`.' }),
  Reason: string({
    description:
      '`old`; or why it stays: `head`, `among-newest`, `newer-than-kept`, `too-young`, `none-available`, `being-created`, `in-use`, `shared`, `public`, `being-copied`, `being-exported`, `next-call`.',
  }),
});

export const PruneImageFamily = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'PruneImageFamily',
  kind: 'write',
  docs: {
    summary: 'Deletes the old images of a family, with the snapshots that nothing else uses.',
    notes:
      'It deletes at once; `Mode=plan` answers the same list and changes nothing (a DryRun could answer only an error). The newest `Keep` Available images stay, the head among them. What is older goes, whether Available, Deprecated, UnAvailable or CreateFailed. What DeleteImage would refuse without Force stays with its reason. A family without an Available image is left alone. At most 100 images a call, the oldest first, in one write.',
  },
  input: object({
    ImageFamily: imageFamily,
    RegionId: regionId(),
    Keep: integer({
      description: 'Available images that stay, newest first; at least 1.',
      missing: 'MissingParameter',
      invalid: 'InvalidParameter',
      minimum: 1,
      maximum: 100_000,
    }),
    OlderThanDays: optional(
      integer({
        description: 'Delete only what was created at least so many days ago.',
        invalid: 'InvalidParameter',
        minimum: 0,
        maximum: 36_500,
      }),
    ),
    Mode: optional(
      choice(['delete', 'plan'], {
        description: '`delete` (default), or `plan`: answer what would go and change nothing.',
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({
    DeletedCount: integer({ description: 'Images deleted, or that would be.' }),
    KeptCount: integer(),
    DeletedSnapshotCount: integer({ description: 'Snapshots deleted, or that would be.' }),
    Images: object({ Image: list(imageSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageFamily: 400,
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidImageFamily.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:PruneImageFamily',
    resource: (input) => `imagefamily/${input.ImageFamily}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'web', Keep: '5', Mode: 'plan' },
    response: { DeletedCount: 0, KeptCount: 0, DeletedSnapshotCount: 0, Images: { Image: [] } },
  },
  async handler(ctx, input) {
    const { imageFamily: family, ...scope } = ownFamily(ctx, input);
    const plan = await planPrune(ctx.tx, scope, {
      imageFamily: family,
      keep: input.Keep,
      beforeMs: ctx.nowMs - (input.OlderThanDays ?? 0) * DAY_MS,
      nowMs: ctx.nowMs,
    });
    const isPlan = input.Mode === 'plan';
    if (!isPlan) await executePrune(ctx.tx, plan);
    const deletedCount = plan.images.filter(({ isDeleted }) => isDeleted).length;
    return {
      DeletedCount: deletedCount,
      KeptCount: plan.images.length - deletedCount,
      DeletedSnapshotCount: plan.snapshots.length,
      Images: {
        Image: plan.images.map(({ image, sizeBytes, isDeleted, reason }) => ({
          ImageId: image.imageId,
          ImageName: image.imageName,
          CreationTime: formatSeconds(image.creationMs),
          SizeBytes: sizeBytes,
          Outcome: isDeleted ? (isPlan ? 'would delete' : 'deleted') : 'kept',
          Reason: reason,
        })),
      },
    };
  },
});
