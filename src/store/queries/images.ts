// Images: finding one, the newest of a family, a filtered page; and the statements that change one. A
// change of state is compare-and-set; no rule stands here.
import type { SelectQueryBuilder } from 'kysely';
import type { Digest, ImageId } from '../../domain/ids.ts';
import type {
  AcceptedImage,
  Image,
  ImageDisk,
  ImageFailure,
  ImageStatus,
} from '../../domain/image.ts';
import type { Counted, ImageFilter, ImageUpdate, PageOf, Scope } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { statement, type Connection } from '../statement.ts';
import { narrowed } from './image-filter.ts';
import { selectImages, toImage } from './image-rows.ts';

const imageById = statement((db, arg: Scope & { imageId: string }) =>
  selectImages(db)
    .where('image.image_id', '=', arg.imageId)
    .where('image.account_id', '=', arg.accountId)
    .where('image.region_id', '=', arg.regionId),
);
const newestInFamily = statement((db, arg: Scope & { imageFamily: string; limit: number }) =>
  selectImages(db)
    .where('image.account_id', '=', arg.accountId)
    .where('image.region_id', '=', arg.regionId)
    .where('image.image_family', '=', arg.imageFamily)
    .where('image.status', '=', 'Available')
    .orderBy('image.seq', 'desc')
    .limit(arg.limit),
);
const idByName = statement((db, arg: Scope & { imageName: string }) =>
  db
    .selectFrom('image')
    .select('image_id')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_name', '=', arg.imageName),
);
const failureOf = statement((db, arg: Scope & { imageId: string }) =>
  db
    .selectFrom('image')
    .select(['error_code as errorCode', 'error_message as errorMessage'])
    .where('image_id', '=', arg.imageId)
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('error_code', '<>', ''),
);
const imagesOfBlob = statement((db, arg: { digest: string }) =>
  selectImages(db)
    .where(
      'image.image_id',
      'in',
      db
        .selectFrom('snapshot')
        .innerJoin('image_disk', 'image_disk.snapshot_id', 'snapshot.snapshot_id')
        .select('image_disk.image_id')
        .where('snapshot.digest', '=', arg.digest),
    )
    .orderBy('image.account_id')
    .orderBy('image.region_id')
    .orderBy('image.seq'),
);
const openCopies = statement((db, arg: Scope & { limit: number }) =>
  db
    .selectFrom('image')
    .select('image_id as imageId')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('status', 'in', ['Creating', 'Waiting'])
    .where('origin', '=', 'CopyImage')
    .orderBy('seq')
    .limit(arg.limit),
);

const statusBefore = statement((db, arg: { imageId: string }) =>
  db.selectFrom('image').select('status_before').where('image_id', '=', arg.imageId),
);

const ofOwner = <O>(
  query: SelectQueryBuilder<Tables, 'image', O>,
  scope: Scope,
  filter: ImageFilter,
): SelectQueryBuilder<Tables, 'image', O> =>
  narrowed(
    query
      .where('image.account_id', '=', scope.accountId)
      .where('image.region_id', '=', scope.regionId),
    filter,
  );

export const imageReads = (connection: Connection) => ({
  async image(scope: Scope, imageId: string): Promise<Image | undefined> {
    const row = await connection.one(imageById, { ...scopeOf(scope), imageId });
    return row && toImage(row);
  },
  async availableInFamily(scope: Scope, imageFamily: string, limit: number): Promise<Image[]> {
    const rows = await connection.all(newestInFamily, { ...scopeOf(scope), imageFamily, limit });
    return rows.map(toImage);
  },
  async images(scope: Scope, filter: ImageFilter, page: PageOf): Promise<Counted<Image>> {
    const { builder } = connection;
    const [count] = await connection.query(
      ofOwner(
        builder.selectFrom('image').select((eb) => eb.fn.countAll<number>().as('total')),
        scope,
        filter,
      ),
    );
    const rows = await connection.query(
      ofOwner(selectImages(builder), scope, filter)
        .orderBy('image.seq', 'desc')
        .limit(page.limit)
        .offset(page.offset),
    );
    return { total: count?.total ?? 0, rows: rows.map(toImage) };
  },
  async imageByName(scope: Scope, imageName: string): Promise<ImageId | undefined> {
    const row = await connection.one(idByName, { ...scopeOf(scope), imageName });
    return row?.image_id as ImageId | undefined;
  },
  async imagesOfBlob(digest: Digest): Promise<Image[]> {
    return (await connection.all(imagesOfBlob, { digest })).map(toImage);
  },
  async imageFailure(scope: Scope, imageId: string): Promise<ImageFailure | undefined> {
    return connection.one(failureOf, { ...scopeOf(scope), imageId });
  },
  async statusBefore(imageId: ImageId): Promise<ImageStatus | undefined> {
    const row = await connection.one(statusBefore, { imageId });
    return (row?.status_before || undefined) as ImageStatus | undefined;
  },
  async openCopies(scope: Scope, limit: number): Promise<{ imageId: ImageId }[]> {
    const rows = await connection.all(openCopies, { ...scopeOf(scope), limit });
    return rows as { imageId: ImageId }[];
  },
});

/** Only the two members: what is passed as scope often carries a whole image. */
export const scopeOf = ({ accountId, regionId }: Scope): Scope => ({ accountId, regionId });

const setStatus = statement((db, arg: { imageId: string; from: string; to: string }) =>
  db
    .updateTable('image')
    .set({ status: arg.to, status_before: arg.from })
    .where('image_id', '=', arg.imageId)
    .where('status', '=', arg.from),
);
const setProgress = statement((db, arg: { imageId: string; progress: number }) =>
  db
    .updateTable('image')
    .set({ progress: arg.progress })
    .where('image_id', '=', arg.imageId)
    .where('progress', '<', arg.progress),
);
const setFailure = statement((db, arg: ImageFailure & { imageId: string }) =>
  db
    .updateTable('image')
    .set({ error_code: arg.errorCode, error_message: arg.errorMessage })
    .where('image_id', '=', arg.imageId),
);
const setFamily = statement((db, arg: { imageId: string; imageFamily: string | null }) =>
  db
    .updateTable('image')
    .set({ image_family: arg.imageFamily })
    .where('image_id', '=', arg.imageId),
);

const IMAGE_COLUMNS = {
  imageName: 'image_name',
  description: 'description',
  bootMode: 'boot_mode',
  licenseType: 'license_type',
  nvmeSupport: 'nvme_support',
  imdsSupport: 'imds_support',
  sizeGib: 'size_gib',
  resourceGroupId: 'resource_group_id',
  isPublic: 'is_public',
} as const satisfies Record<keyof ImageUpdate, keyof Tables['image']>;

export const imageWrites = (connection: Connection) => ({
  async insertImage(image: AcceptedImage) {
    await connection.change(
      connection.builder.insertInto('image').values({
        image_id: image.imageId,
        account_id: image.accountId,
        region_id: image.regionId,
        seq: image.seq,
        creation_ms: image.creationMs,
        image_name: image.imageName,
        image_family: image.imageFamily,
        image_version: image.imageVersion,
        description: image.description,
        status: image.status,
        progress: image.status === 'Available' ? 100 : 0,
        architecture: image.architecture,
        os_type: image.osType,
        platform: image.platform,
        boot_mode: image.bootMode,
        license_type: image.licenseType,
        nvme_support: image.nvmeSupport,
        imds_support: image.imdsSupport,
        secure_boot_support: image.secureBootSupport,
        detection_strategy: image.detectionStrategy,
        resource_group_id: image.resourceGroupId,
        is_copied: image.isCopied ? 1 : 0,
        is_public: 0,
        is_support_cloudinit: image.isSupportCloudinit ? 1 : 0,
        size_gib: image.sizeGib,
        origin: image.origin,
        error_code: '',
        error_message: '',
        status_before: '',
        file_stem: image.fileStem ?? '',
        source_image_id: image.sourceImageId ?? '',
      }),
    );
  },
  async insertImageDisk(scope: Scope, imageId: ImageId, disk: ImageDisk): Promise<void> {
    await connection.change(
      connection.builder.insertInto('image_disk').values({
        image_id: imageId,
        position: disk.position,
        account_id: scope.accountId,
        device: disk.device,
        disk_type: disk.diskType,
        size_gib: disk.sizeGib,
        format: disk.format,
        import_oss_bucket: disk.importOssBucket,
        import_oss_object: disk.importOssObject,
        snapshot_id: disk.snapshotId,
      }),
    );
  },
  async updateImageDisk(
    imageId: ImageId,
    position: number,
    set: Partial<Pick<ImageDisk, 'sizeGib' | 'format' | 'snapshotId'>>,
  ): Promise<void> {
    await connection.change(
      connection.builder
        .updateTable('image_disk')
        .set({
          ...(set.sizeGib === undefined ? {} : { size_gib: set.sizeGib }),
          ...(set.format === undefined ? {} : { format: set.format }),
          ...(set.snapshotId === undefined ? {} : { snapshot_id: set.snapshotId }),
        })
        .where('image_id', '=', imageId)
        .where('position', '=', position),
    );
  },
  async setImageStatus(imageId: ImageId, from: ImageStatus, to: ImageStatus): Promise<boolean> {
    return (await connection.run(setStatus, { imageId, from, to })) === 1;
  },
  async setImageFailure(imageId: ImageId, failure: ImageFailure): Promise<void> {
    const { errorCode, errorMessage } = failure;
    await connection.run(setFailure, { imageId, errorCode, errorMessage });
  },
  async setImageProgress(imageId: ImageId, progress: number): Promise<void> {
    await connection.run(setProgress, { imageId, progress });
  },
  async setImageFamily(imageId: ImageId, imageFamily: string | null): Promise<void> {
    await connection.run(setFamily, { imageId, imageFamily });
  },
  async updateImage(imageId: ImageId, set: ImageUpdate): Promise<void> {
    const columns = Object.entries(set).map(([name, value]) => [
      IMAGE_COLUMNS[name as keyof ImageUpdate],
      typeof value === 'boolean' ? Number(value) : value,
    ]);
    if (columns.length === 0) return;
    await connection.change(
      connection.builder
        .updateTable('image')
        .set(Object.fromEntries(columns))
        .where('image_id', '=', imageId),
    );
  },
  async deleteImageRows(imageId: ImageId): Promise<void> {
    const { builder } = connection;
    await connection.change(builder.deleteFrom('image').where('image_id', '=', imageId));
    await connection.change(builder.deleteFrom('image_disk').where('image_id', '=', imageId));
    await connection.change(builder.deleteFrom('image_share').where('image_id', '=', imageId));
    await connection.change(builder.deleteFrom('image_signature').where('image_id', '=', imageId));
    await connection.change(
      builder
        .deleteFrom('tag')
        .where('resource_type', '=', 'image')
        .where('resource_id', '=', imageId),
    );
  },
});
