// Parameters that several operations of RAM take. What names a thing that is there has no rules of its
// own: a name that breaks them names nothing.
import { choice, integer, list, object, optional, string } from '../../../lib/schema.ts';

export const RAM_VERSION = '2015-05-01';

/** Of something that is there: a name that breaks the rules names nothing. */
export const userName = string({
  missing: 'MissingParameter',
  maxLength: 64,
  invalid: 'EntityNotExist.User',
});
export const groupName = string({
  missing: 'MissingParameter',
  maxLength: 64,
  invalid: 'EntityNotExist.Group',
});
export const roleName = string({
  missing: 'MissingParameter',
  maxLength: 64,
  invalid: 'EntityNotExist.Role',
});
export const policyName = string({
  missing: 'MissingParameter',
  maxLength: 128,
  invalid: 'EntityNotExist.Policy',
});
const POLICY_TYPES = ['System', 'Custom'] as const;
export const policyType = choice(POLICY_TYPES, {
  missing: 'MissingParameter',
  invalid: 'InvalidParameter.PolicyType',
});
export const anyPolicyType = optional(
  choice(POLICY_TYPES, {
    description: 'Default: both.',
    invalid: 'InvalidParameter.PolicyType',
  }),
);
export const versionId = string({
  description: '`v1`, `v2`, …',
  missing: 'MissingParameter',
  maxLength: 12,
  pattern: '^v[1-9]\\d{0,9}$',
  invalid: 'InvalidParameter.VersionId.Format',
});
/** `v3` → 3 */
export const versionNumber = (text: string): number => Number(text.slice(1));

export const newPolicyName = string({
  description: '1 to 128 letters, digits and `-`.',
  missing: 'MissingParameter',
  maxLength: 128,
  tooLong: 'InvalidParameter.PolicyName.Length',
  pattern: '^[A-Za-z0-9-]+$',
  invalid: 'InvalidParameter.PolicyName.InvalidChars',
});
export const description = optional(
  string({
    description: 'Up to 1024 characters.',
    maxLength: 1024,
    invalid: 'InvalidParameter.Description.Length',
  }),
);
export const newDescription = string({
  description: 'Up to 1024 characters; an empty text takes the description away.',
  maxLength: 1024,
  emptyClears: true,
  missing: 'MissingParameter',
  invalid: 'InvalidParameter.NewDescription.Length',
});
/** Bounded by the parser, which knows how long a document may be. */
export const policyDocument = string({
  description: 'JSON of the policy language, Version "1".',
  missing: 'MissingParameter',
  invalid: 'MalformedPolicyDocument',
});
export const resourceGroupId = optional(
  string({
    description: 'Policies are attached in the whole account; any value is refused.',
    invalid: 'InvalidParameter.ResourceGroupId',
  }),
);

const TAG = { missing: 'InvalidParameter.Tag', invalid: 'InvalidParameter.Tag' };

export const tagFilter = list(object({ Key: string(TAG), Value: optional(string(TAG)) }, TAG), {
  ...TAG,
  maxItems: 20,
  description: 'Only what carries every one of these tags.',
});
export const tags = list(object({ Key: string(TAG), Value: optional(string(TAG)) }, TAG), {
  ...TAG,
  maxItems: 20,
});
export const taggedType = choice(['role', 'policy'], {
  missing: 'MissingParameter',
  invalid: 'InvalidParameter.ResourceType',
});

/** Keyset pages: `Marker` is what the last answer gave. */
export const paging = {
  Marker: optional(
    string({
      description: 'The Marker of the answer before.',
      maxLength: 256,
      invalid: 'InvalidParameter',
    }),
  ),
  MaxItems: optional(
    integer({
      description: 'How many to answer at most.',
      minimum: 1,
      maximum: 1000,
      default: 100,
      invalid: 'InvalidParameter.MaxItems',
    }),
  ),
};
