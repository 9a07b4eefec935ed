// Resource groups: labels of an account over all its regions. Every account has a default group, which
// is no row: what names no group is in it.
import type { AccountId, RegionId } from './ids.ts';
import type { Resource } from './resource.ts';
import type { ReadTx } from './tx.ts';

/** Groups belong to no region; this is where their records stand. */
export const EVERYWHERE = 'global' as RegionId;

export interface ResourceGroupDetail {
  displayName: string;
}
export type ResourceGroup = Resource<ResourceGroupDetail>;

/** Groups that an account may make. */
export const MAX_RESOURCE_GROUPS = 100;

/** The id of an account's default group: the same at every time, known without a row. */
export const defaultGroupId = (accountId: AccountId): string =>
  `rg-acfm${BigInt(accountId).toString(36).padStart(11, '0')}`;

/** What resources keep of the group of that id: the empty text of the default group. */
export const keptGroupId = (accountId: AccountId, resourceGroupId: string): string =>
  resourceGroupId === defaultGroupId(accountId) ? '' : resourceGroupId;

export const findResourceGroup = async (
  tx: ReadTx,
  accountId: AccountId,
  resourceGroupId: string,
  nowMs: number,
): Promise<ResourceGroup | undefined> => {
  const scope = { accountId, regionId: EVERYWHERE };
  const found = await tx.resource(scope, 'resourcegroup', resourceGroupId, nowMs);
  return found as ResourceGroup | undefined; // the detail of this kind
};

/**
 * What a resource keeps of the group that a request names: its id, the empty text for the default
 * group (named or not), undefined when the account has no such group.
 */
export const resolveGroup = async (
  tx: ReadTx,
  accountId: AccountId,
  resourceGroupId: string | undefined,
  nowMs: number,
): Promise<string | undefined> => {
  if (resourceGroupId === undefined) return '';
  if (keptGroupId(accountId, resourceGroupId) === '') return '';
  return (await findResourceGroup(tx, accountId, resourceGroupId, nowMs))?.resourceId;
};
