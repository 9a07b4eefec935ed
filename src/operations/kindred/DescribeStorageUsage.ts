import type { RegionId } from '../../domain/ids.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { warningsOf } from './shared/usage-warnings.ts';

/** Rows of families in an answer; what is left stands in one sum. */
const MAX_FAMILIES = 1000;

const ONCE = 'Bytes as stored, each digest once.';
const heldSchema = {
  ImageCount: integer({ description: 'Images in any state.' }),
  SizeBytes: integer({ description: ONCE }),
  SnapshotOnlyBytes: integer({ description: 'Of these, held by snapshots and by no image.' }),
  DiskOnlyBytes: integer({
    description: 'Of these, held by disks, and by neither an image nor a snapshot.',
  }),
};
const sizes = {
  ImageCount: integer(),
  SizeBytes: integer({ description: 'Bytes as stored, each digest once within the family.' }),
  SharedBytes: integer({
    description: 'Of these, held also by images of the account outside the family.',
  }),
};

export const DescribeStorageUsage = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeStorageUsage',
  kind: 'read',
  docs: {
    summary:
      'Adds up what the images, snapshots and disks of the caller keep, and how full quotas are.',
    notes:
      'Only the own account is counted, whatever others keep of the same bytes; bytes that are stored for several regions or accounts may lie on the disk once. The first 1000 families are listed, in order of region and name, and the others summed up in `Remaining`. A quota from 80 % on is a warning; so is, for the operator, a file system of a store.',
  },
  input: object({
    RegionId: optional(
      string({
        description: 'Only this region; absent: all.',
        maxLength: 64,
        invalid: 'InvalidRegionId.NotFound',
      }),
    ),
  }),
  output: object({
    Total: object(heldSchema),
    Regions: object({
      Region: list(
        object({
          RegionId: string(),
          ...heldSchema,
          ImageLimit: integer({ description: 'How many images the region may have.' }),
          FamilyCount: integer(),
          FamilyLimit: integer({ description: 'How many families the region may have.' }),
        }),
      ),
    }),
    Families: object({
      Family: list(
        object({
          RegionId: string(),
          ImageFamily: string({ description: 'Empty: images without a family.' }),
          ...sizes,
          ImageLimit: integer({ description: 'How many images a family may have; 0: no limit.' }),
        }),
      ),
    }),
    Remaining: object({
      RowCount: integer({ description: 'Families, or images without one, that are not listed.' }),
      ...sizes,
    }),
    Stores: object({
      Store: list(
        object({
          Store: string(),
          FreeBytes: integer({
            description:
              'Free on the file system of the store; of one in S3, of its staging folder.',
          }),
          TotalBytes: integer({ description: 'Size of the file system.' }),
        }),
        { description: 'For the operator only.' },
      ),
    }),
    Warnings: object({
      Warning: list(
        object({
          Kind: string({
            description: 'ImagesPerRegion, FamiliesPerRegion, ImagesPerFamily or FileSystem.',
          }),
          Subject: string({ description: 'The region, region/family, or store.' }),
          Used: integer(),
          Limit: integer(),
          Message: string(),
        }),
      ),
    }),
  }),
  errors: { 'InvalidRegionId.NotFound': 404 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeStorageUsage', resource: () => '*' },
  example: {
    request: { RegionId: 'cn-hangzhou' },
    response: {
      Total: { ImageCount: 0, SizeBytes: 0, SnapshotOnlyBytes: 0, DiskOnlyBytes: 0 },
      Regions: { Region: [] },
      Families: { Family: [] },
      Remaining: { RowCount: 0, ImageCount: 0, SizeBytes: 0, SharedBytes: 0 },
      Stores: { Store: [{ Store: 'files', FreeBytes: 750_000_000, TotalBytes: 1_000_000_000 }] },
      Warnings: { Warning: [] },
    },
  },
  async handler(ctx, { RegionId }) {
    const { caller, tx, settings } = ctx;
    const scope = { accountId: caller.accountId, regionId: RegionId as RegionId | undefined };
    const regions = await tx.regionUsage(scope);
    const held = new Map((await tx.heldBytes(scope)).map((row) => [row.regionId, row]));
    const { rows, sums } = await tx.familyUsage(scope, MAX_FAMILIES);
    const stores = caller.isOperator ? await ctx.installation.storeSpace() : [];
    const heldIn = (regionId: string, ImageCount: number) => ({
      ImageCount,
      SizeBytes: held.get(regionId)?.sizeBytes ?? 0,
      SnapshotOnlyBytes: held.get(regionId)?.snapshotOnlyBytes ?? 0,
      DiskOnlyBytes: held.get(regionId)?.diskOnlyBytes ?? 0,
    });
    const listed = (count: (row: (typeof rows)[number]) => number) =>
      rows.reduce((sum, row) => sum + count(row), 0);
    return {
      Total: heldIn('', sums.imageCount),
      Regions: {
        Region: regions.map(({ regionId, imageCount, familyCount }) => ({
          RegionId: regionId,
          ...heldIn(regionId, imageCount),
          ImageLimit: settings.quotas.imagesPerRegion,
          FamilyCount: familyCount,
          FamilyLimit: settings.quotas.familiesPerRegion,
        })),
      },
      Families: {
        Family: rows.map((row) => ({
          RegionId: row.regionId,
          ImageFamily: row.imageFamily ?? '',
          ImageCount: row.imageCount,
          SizeBytes: row.sizeBytes,
          SharedBytes: row.sharedBytes,
          ImageLimit: row.imageFamily === null ? 0 : settings.quotas.imagesPerFamily,
        })),
      },
      Remaining: {
        RowCount: sums.rows - rows.length,
        ImageCount: sums.imageCount - listed(({ imageCount }) => imageCount),
        SizeBytes: sums.sizeBytes - listed(({ sizeBytes }) => sizeBytes),
        SharedBytes: sums.sharedBytes - listed(({ sharedBytes }) => sharedBytes),
      },
      Stores: {
        Store: stores.map(({ store, freeBytes, totalBytes }) => ({
          Store: store,
          FreeBytes: freeBytes,
          TotalBytes: totalBytes,
        })),
      },
      Warnings: { Warning: await warningsOf(tx, scope, { regions, stores }, settings.quotas) },
    };
  },
});
