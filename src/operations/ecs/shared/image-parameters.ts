// Parameters that the operations which make or change an image share. Each takes the code that the
// operation at hand answers a bad value with, since the vendor's tables differ.
import { choice, optional, string } from '../../../lib/schema.ts';

export const ARCHITECTURES = ['i386', 'x86_64', 'arm64'] as const;
export const BOOT_MODES = ['BIOS', 'UEFI', 'UEFI-Preferred'] as const;
const SUPPORT = ['supported', 'unsupported'] as const;

/** The rules of the name are checked by `isImageName`, the bound only keeps absurd texts out. */
export const imageName = optional(
  string({
    description:
      'Name of the image: 2 to 128 characters, a letter first, then letters, digits, `.` `_` `-` `:`; not `aliyun…` or `acs:…`. Unique in the account and region.',
    invalid: 'InvalidImageName.Malformed',
    maxLength: 128,
  }),
);

export const imageFamily = optional(
  string({
    description:
      'Family of the image: 2 to 128 characters, a letter first, then letters, digits, `.` `_` `-` `:`; not `aliyun…` or `acs:…`.',
    invalid: 'InvalidImageFamily.Malformed',
    maxLength: 128,
  }),
);

export const description = optional(
  string({
    description: 'Description, 2 to 256 characters, not starting with `http://` or `https://`.',
    invalid: 'InvalidDescription.Malformed',
    maxLength: 256,
  }),
);

export const imdsSupport = optional(
  choice(['v1', 'v2'], {
    description: 'Mode of the metadata service: v2 allows the hardened mode only.',
    invalid: 'InvalidParameter.FeaturesImdsSupport',
  }),
);

export const supportChoice = (what: string, invalid: string) =>
  optional(choice(SUPPORT, { description: what, invalid }));

/** Why DetectionStrategy changes nothing. */
export const DETECTION_REASON =
  'Every disk is inspected when its bytes arrive; a further check of the guest is not made.';
