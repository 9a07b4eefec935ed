// Parameters that components and pipelines of the image builder have in common.
import { optional, string } from '../../../lib/schema.ts';

/** Said first in the notes of the operations on records of the image builder. */
export const NO_BUILD_MACHINE =
  'No machine is started here: nothing that a component or a build content says is ever run.';

/** The rules of the name are checked by `isResourceName`. */
export const builderName = (whose: string) =>
  optional(
    string({
      description: `Name: 2 to 128 characters, a letter first, then letters, digits, \`.\` \`_\` \`-\` \`:\`. Absent: the id of the ${whose}.`,
      maxLength: 128,
      invalid: 'InvalidName.Malformed',
    }),
  );

export const builderResourceGroupId = optional(
  string({
    description: 'Resource group (`rg-…`): a label here, kept and filtered by.',
    pattern: '^rg-[0-9a-z]{1,32}$',
    maxLength: 35,
    invalid: 'InvalidResourceGroup.NotFound',
  }),
);

/** A content of up to 16 KiB; what is in it is read by template-content.ts. */
export const contentText = (description: string, tooLong: string) =>
  optional(string({ description, maxLength: 16 * 1024, invalid: tooLong }));
