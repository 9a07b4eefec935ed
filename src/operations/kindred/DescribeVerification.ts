import type { LostPlacement } from '../../domain/blob.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { boolean, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

/** Damaged copies that are listed, and images of one. */
const MAX_LISTED = 500;
const MAX_IMAGES = 100;

const copySchema = object({
  Digest: string(),
  Store: string({ description: 'Where the copy lies: `files`, or `files:<region>`.' }),
  Damage: string({
    description: 'DIGEST_MISMATCH, SIZE_MISMATCH, FILE_MISSING or UNREADABLE.',
  }),
  FoundTime: string(),
  SizeBytes: integer({ description: 'As it should be.' }),
  IsServed: boolean({ description: 'Whether another store has a whole copy.' }),
  UnavailableImages: object({
    ImageId: list(string(), { description: 'At most 100, of all accounts.' }),
  }),
});

export const DescribeVerification = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeVerification',
  kind: 'read',
  docs: {
    summary: 'Tells how far a verification is, and which stored copies are damaged now.',
    notes:
      'Damaged copies are listed whoever found them, the schedule or an earlier run, until they are repaired; at most 500. The last 20 verifications are remembered.',
  },
  input: object({
    VerificationId: optional(
      string({
        description: 'Default: the newest.',
        maxLength: 128,
        invalid: 'InvalidVerificationId.NotFound',
      }),
    ),
  }),
  output: object({
    VerificationId: string({ description: 'Empty when there was none yet.' }),
    Status: string({ description: 'Running, Finished or None.' }),
    StartTime: string(),
    FinishTime: string(),
    TotalBlobs: integer({ description: 'Copies to read.' }),
    TotalBytes: integer(),
    CheckedBlobs: integer(),
    CheckedBytes: integer(),
    DamagedBlobs: integer({ description: 'Copies that this run found damaged.' }),
    RepairedBlobs: integer({
      description: 'Copies that this run made whole, or found whole again.',
    }),
    DamagedCount: integer({ description: 'Copies that are damaged now.' }),
    DamagedCopies: object({ DamagedCopy: list(copySchema) }),
  }),
  errors: { NoPermission: 403, 'InvalidVerificationId.NotFound': 404 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeVerification', operatorOnly: true, resource: () => '*' },
  example: {
    request: {},
    response: {
      VerificationId: 'v-000d5l8ahc4ygqdpmxw3',
      Status: 'Finished',
      StartTime: '2026-11-24T03:00:00Z',
      FinishTime: '2026-11-24T03:00:01Z',
      TotalBlobs: 2,
      TotalBytes: 917_504,
      CheckedBlobs: 2,
      CheckedBytes: 917_504,
      DamagedBlobs: 0,
      RepairedBlobs: 0,
      DamagedCount: 0,
      DamagedCopies: { DamagedCopy: [] },
    },
  },
  async handler(ctx, { VerificationId }) {
    const run = await ctx.tx.verification(VerificationId);
    if (run === undefined && VerificationId !== undefined)
      throw ctx.fail('InvalidVerificationId.NotFound');
    const lost = await ctx.tx.lostPlacements({ limit: MAX_LISTED, offset: 0 });
    const copies = [];
    for (const placement of lost.rows) copies.push(await viewOf(ctx, placement));
    const isFinished = run !== undefined && run.finishMs !== null;
    return {
      VerificationId: run?.verificationId ?? '',
      Status: run === undefined ? 'None' : isFinished ? 'Finished' : 'Running',
      StartTime: run === undefined ? '' : formatSeconds(run.startMs),
      FinishTime: run?.finishMs ? formatSeconds(run.finishMs) : '',
      TotalBlobs: run?.totalBlobs ?? 0,
      TotalBytes: run?.totalBytes ?? 0,
      CheckedBlobs: run?.checkedBlobs ?? 0,
      CheckedBytes: run?.checkedBytes ?? 0,
      DamagedBlobs: run?.damagedBlobs ?? 0,
      RepairedBlobs: run?.repairedBlobs ?? 0,
      DamagedCount: lost.total,
      DamagedCopies: { DamagedCopy: copies },
    };
  },
});

const viewOf = async ({ tx }: Pick<ReadContext<never>, 'tx'>, lost: LostPlacement) => {
  const images = lost.isServed ? [] : await tx.imagesOfBlob(lost.digest);
  return {
    Digest: lost.digest,
    Store: lost.store,
    Damage: lost.damage,
    FoundTime: formatSeconds(lost.damagedMs),
    SizeBytes: lost.sizeBytes,
    IsServed: lost.isServed,
    UnavailableImages: {
      ImageId: images
        .filter(({ status }) => status === 'UnAvailable')
        .slice(0, MAX_IMAGES)
        .map(({ imageId }) => imageId),
    },
  };
};
