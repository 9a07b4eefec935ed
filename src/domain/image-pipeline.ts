// Image pipelines (the vendor's image templates): what their records keep in `detail`, and who names a
// component.
import { namesComponent, type ComponentReference, type ImageComponent } from './image-component.ts';
import type { Resource } from './resource.ts';
import type { Tag } from './tag.ts';
import type { ReadTx, Scope } from './tx.ts';

export interface ImagePipelineDetail {
  description: string;
  baseImageType: 'IMAGE' | 'IMAGE_FAMILY';
  /** Id of an image, or name of a family as the caller knows it. */
  baseImage: string;
  buildContent: string;
  testContent: string;
  /** The components that the contents name. */
  components: readonly ComponentReference[];
  /** Of the machine that the vendor would start; shown, and otherwise without effect. */
  instanceType: string;
  vSwitchId: string;
  internetMaxBandwidthOut: number;
  deleteInstanceOnFailure: boolean;
  retainCloudAssistant: boolean;
  /** GiB of the built image's system disk; null: the vendor's 40, or the base's if that is more. */
  systemDiskSize: number | null;
  /** Prefix of the built image's name; empty: none. */
  imageName: string;
  isSuffixDisabled: boolean;
  /** Empty: none. */
  imageFamily: string;
  imageDescription: string;
  imageTags: readonly Tag[];
  /** supported, unsupported or auto; empty: not given. */
  nvmeSupport: string;
  addAccounts: readonly string[];
  toRegionIds: readonly string[];
}
export type ImagePipeline = Resource<ImagePipelineDetail>;

/** The one kind of detail that rows of this type are written with. */
export const asImagePipeline = (resource: Resource): ImagePipeline => resource as ImagePipeline;

/** Whether one of the account's first `maxPipelines` pipelines in the region names the component. */
export const isComponentInUse = async (
  tx: ReadTx,
  component: ImageComponent,
  maxPipelines: number,
  nowMs: number,
): Promise<boolean> => {
  const scope: Scope = component;
  const page = { limit: maxPipelines, offset: 0 };
  const { rows } = await tx.resources(scope, { resourceType: 'imagepipeline' }, page, nowMs);
  return rows.some((row) =>
    asImagePipeline(row).detail.components.some((named) => namesComponent(named, component)),
  );
};
