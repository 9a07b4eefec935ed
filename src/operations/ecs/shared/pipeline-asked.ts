import { imageAsked, type Asked } from '../../../domain/policy/thing.ts';
import type { Static } from '../../../lib/schema.ts';
import type { createPipelineInput } from './pipeline-parameters.ts';

type Input = Static<typeof createPipelineInput>;

/**
 * The pipeline, and what its executions will do without asking again: take the base image, and put what
 * they make into a family, here and where it is copied to.
 */
export const pipelineAsked = (input: Input): Asked[] => {
  const { BaseImage, BaseImageType, ImageOptions, ToRegionId = [], RegionId } = input;
  const imageFamily = ImageOptions?.ImageFamily ?? input.ImageFamily;
  const regions = imageFamily === undefined ? [] : [RegionId, ...ToRegionId];
  return [
    'imagepipeline/*',
    imageAsked(BaseImageType === 'IMAGE' ? { ImageId: BaseImage } : { ImageFamily: BaseImage }),
    ...regions.map((regionId) => ({ resource: 'image/*', imageFamily, regionId })),
  ];
};
