// The filters of DescribeImages as conditions on the table of images. All combine with AND; whose images
// are meant is the caller's to say before.
import { sql, type SelectQueryBuilder, type SqlBool } from 'kysely';
import type { ImageFilter } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { wildcard } from '../wildcard.ts';
import { isUsedBy } from './image-rows.ts';
import { hasTags } from './tags.ts';

/**
 * Narrows a listing of images; works on any selection from `image`. `viewer` is who looks, when that
 * is not the owner: `Usage` is about his instances.
 */
export const narrowed = <O>(
  query: SelectQueryBuilder<Tables, 'image', O>,
  filter: ImageFilter,
  viewer?: string,
): SelectQueryBuilder<Tables, 'image', O> => {
  let q = query;
  if (filter.statuses) q = q.where('image.status', 'in', [...filter.statuses]);
  if (filter.imageIds) q = q.where('image.image_id', 'in', [...filter.imageIds]);
  if (filter.imageName !== undefined) q = q.where('image.image_name', '=', filter.imageName);
  if (filter.imageNamePattern !== undefined)
    q = q.where(wildcard('image.image_name', filter.imageNamePattern));
  if (filter.imageFamily !== undefined) q = q.where('image.image_family', '=', filter.imageFamily);
  if (filter.osType !== undefined) q = q.where('image.os_type', '=', filter.osType);
  if (filter.architecture !== undefined)
    q = q.where('image.architecture', '=', filter.architecture);
  if (filter.isSupportCloudinit !== undefined)
    q = q.where('image.is_support_cloudinit', '=', filter.isSupportCloudinit ? 1 : 0);
  if (filter.isPublic !== undefined) q = q.where('image.is_public', '=', filter.isPublic ? 1 : 0);
  if (filter.resourceGroupId !== undefined)
    q = q.where('image.resource_group_id', '=', filter.resourceGroupId);
  if (filter.nvmeSupport !== undefined) q = q.where('image.nvme_support', '=', filter.nvmeSupport);
  if (filter.creationFromMs !== undefined)
    q = q.where('image.creation_ms', '>=', filter.creationFromMs);
  if (filter.creationToMs !== undefined)
    q = q.where('image.creation_ms', '<=', filter.creationToMs);
  if (filter.isInUse !== undefined)
    q = q.where(sql<SqlBool>`${isUsedBy(viewer)} = ${filter.isInUse ? 1 : 0}`);
  const { snapshotId } = filter;
  if (snapshotId !== undefined)
    q = q.where((eb) =>
      eb.exists(
        eb
          .selectFrom('image_disk as used')
          .select('used.image_id')
          .whereRef('used.image_id', '=', 'image.image_id')
          .where('used.snapshot_id', '=', snapshotId),
      ),
    );
  for (const tag of filter.tags ?? [])
    q = q.where(hasTags('image', sql.ref('image.image_id'), tag));
  return q;
};
