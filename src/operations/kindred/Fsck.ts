import { integer, list, object, string } from '../../lib/schema.ts';
import type { Installation } from '../../domain/installation.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { defineOperation } from '../../operation.ts';
import { checkBlobs, checkStaging } from './shared/check-bytes.ts';
import { checkRegion } from './shared/check-region.ts';
import { Differences } from './shared/differences.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

const MAX_LISTED = 1000;

interface Leftover {
  Bucket: string;
  Name: string;
  Object: string;
  UploadId: string;
  SizeBytes: number;
  ModifiedTime: string;
}

export const Fsck = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'Fsck',
  kind: 'read',
  docs: {
    summary: 'Recounts everything and lists what two places tell differently; changes nothing.',
    notes:
      'Counters, families and their heads are recounted from the rows and from the journal; every image that can be used must have the bytes of all its disks (but those made from public images), and every disk of an instance the bytes that it names; rows of blobs, placements and files must agree; files without an owner are named. Rows are read in one snapshot and folders right after it, so that work which goes on meanwhile can show as a difference that a second run does not repeat. At most 1000 differences are listed; `DifferenceCount` counts them all. Contents are not hashed again. `Leftovers` are files of buckets that are no objects: bodies on their way in, and uploads in parts that are not completed. They are no fault; the sweep removes a body after a day without a new byte, an upload after `--multipart-expiry` days without a new part.',
  },
  input: object({}),
  output: object({
    DifferenceCount: integer(),
    Differences: object({
      Difference: list(
        object({ Kind: string(), Subject: string(), Expected: string(), Found: string() }),
      ),
    }),
    LeftoverCount: integer(),
    Leftovers: object({
      Leftover: list(
        object({
          Bucket: string(),
          Name: string(),
          Object: string(),
          UploadId: string(),
          SizeBytes: integer(),
          ModifiedTime: string(),
        }),
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
      LeftoverCount: 0,
      Leftovers: { Leftover: [] },
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
      ...(await leftoversOf(ctx.installation)),
      Checked: differences.checked,
    };
  },
});

const leftoversOf = async (installation: Pick<Installation, 'listLeftovers'>) => {
  let LeftoverCount = 0;
  const listed: Leftover[] = [];
  for await (const {
    bucket,
    name,
    object: key,
    uploadId,
    ...found
  } of installation.listLeftovers()) {
    LeftoverCount += 1;
    if (listed.length >= MAX_LISTED) continue;
    listed.push({
      Bucket: bucket,
      Name: name,
      Object: key,
      UploadId: uploadId,
      SizeBytes: found.sizeBytes,
      ModifiedTime: formatSeconds(found.modifiedMs),
    });
  }
  return { LeftoverCount, Leftovers: { Leftover: listed } };
};
