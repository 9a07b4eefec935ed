import { list, object, optional, string } from '../../../lib/schema.ts';
import { MAX_TAGS_PER_RESOURCE } from '../../../domain/tag.ts';

/** One `Tag.N`. */
export const tag = object({
  Key: optional(
    string({ description: 'Tag key, 1 to 128 characters.', invalid: 'InvalidTagKey.Malformed' }),
  ),
  Value: optional(
    string({
      description: 'Tag value, 0 to 128 characters.',
      invalid: 'InvalidTagValue.Malformed',
    }),
  ),
});

/** `Tag.N` of the tag operations; the rules of tags are checked by `tag-request.ts`. */
export const tagsOfRequest = list(tag, {
  description: 'Tags, N from 1 to 20.',
  maxItems: MAX_TAGS_PER_RESOURCE,
  missing: 'MissingParameter.Tags',
  tooMany: 'NumberExceed.Tags',
});

const NO_SCOPE =
  'Scope, TagOwnerUid and TagOwnerBid are open to the vendor alone and no parameters here.';

/** Rows of the vendor's tables for the tag operations that cannot occur in any of the three. */
export const NO_TAG_OWNERS = {
  '400 Invalid.Scope': NO_SCOPE,
  '403 InvalidResourceId.NotSupported': 'Every resource of the types that exist here carries tags.',
  '403 NoPermission.Tag': 'No system tags exist here that the owner may not touch.',
  '403 NoPermissionKey.Scope': NO_SCOPE,
  '403 PermissionDenied.Scope': NO_SCOPE,
  '403 PermissionDenied.TagOwnerBid': NO_SCOPE,
  '403 PermissionDenied.TagOwnerUid': NO_SCOPE,
  '404 MissingParameter.TagOwnerBid': NO_SCOPE,
  '404 MissingParameter.TagOwnerUid': NO_SCOPE,
} as const;
