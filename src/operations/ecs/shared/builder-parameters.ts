// Parameters that components and pipelines of the image builder have in common.
import { optional, string } from '../../../lib/schema.ts';
import { MAX_CONTENT_BYTES } from './template-content.ts';

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

/** `ResourceGroupId` as a filter: a group that the caller does not have has nothing in it. */
export const groupFilter = optional(
  string({ description: 'Only what is in this resource group.', maxLength: 128 }),
);

/** A content of up to 16 KiB; what is in it is read by template-content.ts. */
export const contentText = (description: string, tooLong: string) =>
  optional(string({ description, maxLength: MAX_CONTENT_BYTES, invalid: tooLong }));
