import { resolveFamily } from '../../domain/family.ts';
import type { Image } from '../../domain/image.ts';
import { isFamilyName } from '../../domain/naming.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { imageProperties, viewImage, type ImageView } from './shared/image-view.ts';
import { partial } from './shared/partial.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

/** Answers by the image they were made of: the store hands out the same image until it changes. */
const answers = new WeakMap<Image, { Image: ImageView }>();

const answerOf = (image: Image): { Image: ImageView } => {
  let answer = answers.get(image);
  if (answer === undefined) {
    answer = { Image: viewImage(image) };
    answers.set(image, answer);
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
      'A family without an available image, and a family that nobody has heard of, are answered with an empty `Image`, not with an error. A plain name means the own custom images of the caller.',
  },
  input: object({
    RegionId: regionId(),
    ImageFamily: string({
      description: 'Name of the family.',
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
  access: { action: 'ecs:DescribeImageFromFamily', resource: () => 'image/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'hangzhou-daily-update' },
    response: { Image: {} },
  },
  async handler(ctx, input) {
    const family = input.ImageFamily;
    const isPublicForm = /^acs:/i.test(family);
    if (isPublicForm ? ctx.settings.familyLookup === 'classic' : !isFamilyName(family))
      throw ctx.fail('InvalidImageFamily.Malformed');
    // No image of another account is visible yet, so that an `acs:` name finds nothing.
    if (isPublicForm) return { Image: {} };
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const candidates = await ctx.tx.availableInFamily(scope, family, 1);
    const { image } = resolveFamily(family, candidates);
    return image === undefined ? { Image: {} } : answerOf(image);
  },
});
