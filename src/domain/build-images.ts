// What an execution of a pipeline does to images until they are there. The image of the pipeline's own
// region has the bytes of the base image, the images of the other regions are copies of it. Nothing of
// them is published here: see publish-images.ts. Every function may run again after it took effect, and
// then changes nothing.
import { lacksBytes, NO_BYTES } from './bytes.ts';
import type { ImagePipeline } from './image-pipeline.ts';
import { moveExecution, type BuiltImage, type Execution } from './image-pipeline-execution.ts';
import { acceptCopy, type CopyRefusal } from './image-copy.ts';
import type { Image } from './image.ts';
import type { ImageId, RegionId, SnapshotId } from './ids.ts';
import type { Quotas } from './quota.ts';
import type { ReadTx, Tx } from './tx.ts';
import { findByFamily, findVisible, type Visibility } from './visible.ts';

export interface BuildSettings extends Visibility {
  quotas: Quotas;
}

export interface BuildIds {
  image(regionId: RegionId): ImageId;
  snapshot(regionId: RegionId): SnapshotId;
}

export interface BuildFailure {
  errorCode: string;
  errorMessage: string;
}

/** Why there is no image to begin with. */
export type NoBase = 'not-found' | 'not-available' | 'no-bytes';

const NO_BASE: Readonly<Record<NoBase, string>> = {
  'not-found': 'The base image does not exist, or no image of the base family is available.',
  'not-available': 'The base image is not available.',
  'no-bytes': NO_BYTES,
};

/** The base image as the owner of the pipeline finds it now; a family by the one rule for families. */
export const findBase = async (
  tx: ReadTx,
  pipeline: ImagePipeline,
  visibility: Visibility,
): Promise<Image | NoBase> => {
  const { baseImageType, baseImage } = pipeline.detail;
  const find = baseImageType === 'IMAGE' ? findVisible : findByFamily;
  const found = await find(tx, pipeline, pipeline.regionId, baseImage, visibility);
  if (found === undefined || found === 'malformed') return 'not-found';
  if (found.ownerAlias === 'system') return 'no-bytes';
  if (found.image.status !== 'Available') return 'not-available';
  return (await lacksBytes(tx, found.image, found.image.disks)) ? 'no-bytes' : found.image;
};

const DEFAULT_DISK_GIB = 40;

/** Takes in the image of the pipeline's own region. */
export const beginBuild = async (
  tx: Tx,
  execution: Execution,
  pipeline: ImagePipeline,
  settings: BuildSettings,
  ids: BuildIds,
): Promise<BuildFailure | undefined> => {
  if (execution.status !== 'PREPARING') return undefined;
  const { detail, regionId, accountId } = pipeline;
  const base = await findBase(tx, pipeline, settings);
  if (typeof base === 'string')
    return { errorCode: 'InvalidImagePipeline.BaseImageNotFound', errorMessage: NO_BASE[base] };
  if (detail.systemDiskSize !== null && detail.systemDiskSize < base.sizeGib)
    return {
      errorCode: 'InvalidSystemDiskSize.NotSupportedValue',
      errorMessage: `SystemDiskSize is below the ${base.sizeGib} GiB of the base image.`,
    };
  const imageId = ids.image(regionId);
  const isLabel = detail.nvmeSupport === 'supported' || detail.nvmeSupport === 'unsupported';
  const outcome = await acceptCopy(
    tx,
    {
      source: base,
      accountId,
      destinationRegionId: regionId,
      imageId,
      newSnapshotId: () => ids.snapshot(regionId),
      imageName: nameOf(execution, pipeline),
      description: detail.imageDescription,
      tags: detail.imageTags,
      built: {
        systemDiskGib: detail.systemDiskSize ?? Math.max(DEFAULT_DISK_GIB, base.sizeGib),
        nvmeSupport: isLabel ? detail.nvmeSupport : base.nvmeSupport,
      },
    },
    settings.quotas,
  );
  if (!outcome.accepted)
    return { errorCode: COPY_CODES[outcome.refusal], errorMessage: COPY_REFUSALS[outcome.refusal] };
  await moveExecution(tx, execution, 'BUILDING', { images: [{ regionId, imageId }] });
  return undefined;
};

const nameOf = (execution: Execution, { detail }: ImagePipeline): string => {
  if (detail.imageName === '') return execution.resourceId;
  return detail.isSuffixDisabled ? detail.imageName : `${detail.imageName}_${execution.resourceId}`;
};

const COPY_CODES = {
  'name-taken': 'InvalidImageName.Duplicated',
  'images-full': 'QuotaExceed.Image',
  'not-available': 'IncorrectImageStatus',
  'no-bytes': 'InvalidImage.NotFound',
} as const satisfies Record<CopyRefusal, string>;

const COPY_REFUSALS: Readonly<Record<CopyRefusal, string>> = {
  'name-taken': 'An image of this name is there already.',
  'images-full': 'The quota of images is used up.',
  'not-available': 'The built image is not available any more.',
  'no-bytes': NO_BYTES,
};

export const LOST: BuildFailure = {
  errorCode: 'InvalidImage.NotFound',
  errorMessage: 'The image that was being built has failed or was deleted.',
};

/** Once the image is there: takes in its copies. `waiting` until then. */
export const distributeImage = async (
  tx: Tx,
  execution: Execution,
  pipeline: ImagePipeline,
  settings: BuildSettings,
  ids: BuildIds,
): Promise<BuildFailure | 'waiting' | 'distributing'> => {
  if (execution.status !== 'BUILDING') return 'distributing';
  const { accountId, regionId, detail } = pipeline;
  const [home] = execution.detail.images;
  const image = home && (await tx.image(pipeline, home.imageId));
  if (image?.status === 'Creating' || image?.status === 'Waiting') return 'waiting';
  if (home === undefined || image === undefined || image.status === 'CreateFailed') return LOST;
  const images: BuiltImage[] = [home];
  const problems: string[] = [];
  for (const name of detail.toRegionIds) {
    const destinationRegionId = name as RegionId; // checked when the pipeline was made
    if (destinationRegionId === regionId) continue;
    const imageId = ids.image(destinationRegionId);
    const { imageName, description } = image;
    const made = { imageId, imageName, description, tags: detail.imageTags };
    const newSnapshotId = (): SnapshotId => ids.snapshot(destinationRegionId);
    const request = { source: image, accountId, destinationRegionId, newSnapshotId, ...made };
    const outcome = await acceptCopy(tx, request, settings.quotas);
    if (outcome.accepted) images.push({ regionId: destinationRegionId, imageId });
    else problems.push(`${destinationRegionId}: ${COPY_REFUSALS[outcome.refusal]}`);
  }
  await moveExecution(tx, execution, 'DISTRIBUTING', { images, problems });
  return 'distributing';
};
