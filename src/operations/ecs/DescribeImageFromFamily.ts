import { imageAsked } from '../../domain/policy/thing.ts';
import type { Image } from '../../domain/image.ts';
import type { RegionId } from '../../domain/ids.ts';
import { findByFamily, type VisibleImage } from '../../domain/visible.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { imageProperties, viewVisible, type ImageView } from './shared/image-view.ts';
import { partial } from './shared/partial.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

/** Answers by the image they were made of: the store hands out the same image until it changes. */
const answers = new WeakMap<Image, { Image: ImageView }>();

const answerOf = (found: VisibleImage): { Image: ImageView } => {
  let answer = answers.get(found.image);
  if (answer === undefined) {
    answer = { Image: viewVisible(found) };
    answers.set(found.image, answer);
  }
  return answer;
};

export const DescribeImageFromFamily = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImageFromFamily',
  kind: 'read',
  docs: {
    summary: 'Answers the newest available image of an image family in a region.',
    notes:
      'A family without an available image, and a family that nobody has heard of, are answered with an empty `Image`, not with an error. A plain name means the own custom images of the caller; `acs:<uid>:<family>` those that another account shares with the caller or publishes; `acs:<name>` the public images, which are metadata without bytes. `--family-lookup classic` refuses names that begin with `acs:`.',
  },
  input: object({
    RegionId: regionId(),
    ImageFamily: string({
      description: 'Name of the family: plain, `acs:<uid>:<family>` or `acs:<name>`.',
      missing: 'MissingImageFamily',
      invalid: 'InvalidImageFamily.Malformed',
    }),
    ...owners,
  }),
  output: object({ Image: partial(imageProperties) }),
  errors: {
    MissingRegionId: 400,
    MissingImageFamily: 400,
    'InvalidImageFamily.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    '403 InvalidUser.Unauthorized':
      'The vendor shows it to accounts that were not admitted to the feature; every account is here.',
  },
  access: { action: 'ecs:DescribeImageFromFamily', resource: imageAsked },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'hangzhou-daily-update' },
    response: { Image: {} },
  },
  async handler(ctx, input) {
    const { RegionId, ImageFamily } = input;
    const regionId = RegionId as RegionId;
    const found = await findByFamily(ctx.tx, ctx.caller, regionId, ImageFamily, ctx.settings);
    if (found === 'malformed') throw ctx.fail('InvalidImageFamily.Malformed');
    if (found === undefined) return { Image: {} };
    ctx.noteResolution(found.image);
    return answerOf(found);
  },
});
