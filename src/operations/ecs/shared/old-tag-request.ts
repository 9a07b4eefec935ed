// What AddTags and RemoveTags, the two writes before TagResources, have in common: one resource a call.
import { MAX_TAGS_PER_RESOURCE } from '../../../domain/tag.ts';
import { list, string } from '../../../lib/schema.ts';
import { owners, regionId } from './parameters.ts';
import { tag } from './tag-parameters.ts';
import { resourceType } from './tagged-resources.ts';

export const oldTags = list(tag, {
  description: 'Tags, N from 1 to 20.',
  maxItems: MAX_TAGS_PER_RESOURCE,
  missing: 'MissingParameter',
  tooMany: 'InvalidTagCount',
});

export const oneResource = {
  RegionId: regionId('MissingParameter'),
  ResourceType: resourceType('MissingParameter'),
  ResourceId: string({
    description: 'Id of the resource; of a key pair its name.',
    maxLength: 128,
    missing: 'MissingParameter',
    invalid: 'InvalidResourceId.NotFound',
  }),
  ...owners,
};
