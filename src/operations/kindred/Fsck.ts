import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { checkBlobs, checkStaging } from './shared/check-bytes.ts';
import { checkRegion } from './shared/check-region.ts';
import { Differences } from './shared/differences.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const Fsck = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'Fsck',
  kind: 'read',
  docs: {
    summary: 'Recounts everything and lists what two places tell differently; changes nothing.',
    notes:
      'Counters, families and their heads are recounted from the rows and from the journal; every image that can be used must have the bytes of all its disks (but those made from public images), and every disk of an instance the bytes that it names; rows of blobs, placements and files must agree; files without an owner are named. Rows are read in one snapshot and folders right after it, so that work which goes on meanwhile can show as a difference that a second run does not repeat. At most 1000 differences are listed; `DifferenceCount` counts them all. Contents are not hashed again.',
  },
  input: object({}),
  output: object({
    DifferenceCount: integer(),
    Differences: object({
      Difference: list(
        object({ Kind: string(), Subject: string(), Expected: string(), Found: string() }),
      ),
    }),
    Checked: object({
      Images: integer(),
      Families: integer(),
      Blobs: integer(),
      Changes: integer({ description: 'Rows of the journal.' }),
    }),
  }),
  errors: { NoPermission: 403 },
  cannotOccur: {},
  access: { action: 'kindred:Fsck', operatorOnly: true, resource: () => '*' },
  example: {
    request: {},
    response: {
      DifferenceCount: 0,
      Differences: { Difference: [] },
      Checked: { Images: 0, Families: 0, Blobs: 0, Changes: 0 },
    },
  },
  async handler(ctx) {
    const differences = new Differences();
    for (const region of await ctx.tx.accountRegions())
      await checkRegion(ctx.tx, region, differences);
    await checkBlobs(ctx.tx, ctx.installation, differences);
    await checkStaging(ctx.tx, ctx.installation, differences);
    return {
      DifferenceCount: differences.count,
      Differences: { Difference: differences.listed },
      Checked: differences.checked,
    };
  },
});
