// Things around images that Kindred keeps as records: instances, their disks, networks, key pairs,
// components and pipelines of the image builder. No machine runs behind them. All kinds share one row:
// what the store searches by has a column, the rest is `detail`, whose shape belongs to the kind.
import type { AccountId, RegionId } from './ids.ts';
import type { Tag } from './tag.ts';

export const RESOURCE_TYPES = [
  'instance',
  'disk',
  'securitygroup',
  'keypair',
  'eip',
  'vpc',
  'vswitch',
  'imagecomponent',
  'imagepipeline',
  'imagepipelineexecution',
  'resourcegroup',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** A record. `D` is the kind's own part, kept as JSON. */
export interface Resource<D extends object = object> {
  /** Unique in all of Kindred; of a key pair and a resource group too, whose names are only labels. */
  resourceId: string;
  resourceType: ResourceType;
  accountId: AccountId;
  regionId: RegionId;
  /** Order of acceptance within account and region. */
  seq: number;
  creationMs: number;
  resourceName: string;
  /**
   * The status at the time of the read: a transition (`Starting` → `Running`) is one row that says what
   * it settles to and when, so that it needs no job and follows the wall clock.
   */
  status: string;
  /** Disk → instance, vSwitch → VPC, execution → pipeline; empty for none. */
  parentId: string;
  /** The image that an instance was made from; empty for none. It is what `Usage` and DeleteImage ask. */
  imageId: string;
  resourceGroupId: string;
  detail: D;
  tags: readonly Tag[];
}

/** A transition under way. */
export interface Settling {
  /** The status from `settleMs` on. */
  settledStatus: string;
  /** Wall clock, milliseconds. */
  settleMs: number;
}

export type ResourceDraft<D extends object = object> = Omit<
  Resource<D>,
  'seq' | 'creationMs' | 'tags'
> & { settling?: Settling };

export interface ResourceFilter {
  resourceType: ResourceType;
  resourceIds?: readonly string[];
  resourceName?: string;
  resourceNames?: readonly string[];
  /** A name with `*` for any run of characters. */
  resourceNamePattern?: string;
  statuses?: readonly string[];
  parentId?: string;
  imageId?: string;
  resourceGroupId?: string;
  /** Every one must match; a tag without value matches any value. */
  tags?: readonly { tagKey: string; tagValue?: string }[];
  /** Keyset: rows accepted before this sequence number. */
  beforeSeq?: number;
}

export type ResourceUpdate = Partial<
  Pick<Resource, 'resourceName' | 'status' | 'parentId' | 'imageId' | 'resourceGroupId' | 'detail'>
> & { settling?: Settling };
