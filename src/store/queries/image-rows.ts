// The columns of an image with its disks and tags in one row, and the way back to the domain's words.
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/sqlite';
import type { ImageId, AccountId, RegionId, SnapshotId } from '../../domain/ids.ts';
import type { Image, ImageDisk } from '../../domain/image.ts';
import type { QueryBuilder } from '../statement.ts';

/** Whether an instance of `accountId`, by default of the owner, was made from the image. */
export const isUsedBy = (accountId?: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`EXISTS (SELECT 1 FROM resource AS used WHERE used.image_id = image.image_id
    AND used.account_id = ${accountId ?? sql.ref('image.account_id')}
    AND used.resource_type = 'instance' AND used.image_id <> '')`;

/**
 * Images with all columns; disks and tags come as JSON text of the same statement. `viewer` is the
 * account that looks, when it is not the owner: whether the image is in use is asked of its instances.
 */
export const selectImages = (db: QueryBuilder, viewer?: string) =>
  db
    .selectFrom('image')
    .selectAll('image')
    .select((eb) => [
      jsonArrayFrom(
        eb
          .selectFrom('image_disk as disk')
          .select([
            'disk.position as position',
            'disk.device as device',
            'disk.disk_type as diskType',
            'disk.size_gib as sizeGib',
            'disk.format as format',
            'disk.import_oss_bucket as importOssBucket',
            'disk.import_oss_object as importOssObject',
            'disk.snapshot_id as snapshotId',
          ])
          .whereRef('disk.image_id', '=', 'image.image_id')
          .orderBy('disk.position'),
      ).as('disks'),
      jsonArrayFrom(
        eb
          .selectFrom('tag')
          .select(['tag.tag_key as tagKey', 'tag.tag_value as tagValue'])
          .where('tag.resource_type', '=', 'image')
          .whereRef('tag.resource_id', '=', 'image.image_id')
          .orderBy('tag.tag_key'),
      ).as('tags'),
      // What other accounts do with a shared image is theirs to know.
      isUsedBy(viewer).as('is_in_use'),
      eb
        .exists(
          eb
            .selectFrom('image_share')
            .select('image_share.image_id')
            .whereRef('image_share.image_id', '=', 'image.image_id'),
        )
        .as('is_shared'),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectImages>['execute']>>[number];

const parsed = <T>(json: unknown): T => (typeof json === 'string' ? JSON.parse(json) : json) as T;

export const toImage = (row: Row): Image => ({
  imageId: row.image_id as ImageId,
  accountId: row.account_id as AccountId,
  regionId: row.region_id as RegionId,
  seq: row.seq,
  creationMs: row.creation_ms,
  imageName: row.image_name,
  imageFamily: row.image_family,
  imageVersion: row.image_version,
  description: row.description,
  status: row.status as Image['status'],
  progress: row.progress,
  architecture: row.architecture as Image['architecture'],
  osType: row.os_type as Image['osType'],
  platform: row.platform,
  bootMode: row.boot_mode as Image['bootMode'],
  licenseType: row.license_type,
  nvmeSupport: row.nvme_support,
  imdsSupport: row.imds_support,
  secureBootSupport: row.secure_boot_support,
  detectionStrategy: row.detection_strategy,
  resourceGroupId: row.resource_group_id,
  isCopied: row.is_copied === 1,
  isPublic: row.is_public === 1,
  isSupportCloudinit: row.is_support_cloudinit === 1,
  sizeGib: row.size_gib,
  isInUse: Boolean(row.is_in_use),
  isShared: Boolean(row.is_shared),
  // Accepted before there were addresses: called by its id.
  fileStem: row.file_stem === '' ? row.image_id : row.file_stem,
  sourceImageId: row.source_image_id,
  origin: row.origin as Image['origin'],
  disks: parsed<(ImageDisk & { snapshotId: SnapshotId | null })[]>(row.disks),
  tags: parsed<Image['tags']>(row.tags),
});
