import { defaultGroupId, type ResourceGroup } from '../../../domain/resource-group.ts';
import type { AccountId } from '../../../domain/ids.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { object, string } from '../../../lib/schema.ts';

export const RESOURCEMANAGER_VERSION = '2020-03-31';

export const groupSchema = object({
  Id: string(),
  AccountId: string({ description: 'UID of the owner.' }),
  Name: string(),
  DisplayName: string(),
  Status: string({ description: 'Always OK: groups are made and deleted at once.' }),
  CreateDate: string({ description: 'Empty for the default group.' }),
});

export const viewGroup = (group: ResourceGroup) => ({
  Id: group.resourceId,
  AccountId: group.accountId,
  Name: group.resourceName,
  DisplayName: group.detail.displayName,
  Status: 'OK',
  CreateDate: formatSeconds(group.creationMs),
});

/** The group of everything that names none. */
export const viewDefaultGroup = (accountId: AccountId) => ({
  Id: defaultGroupId(accountId),
  AccountId: accountId,
  Name: 'default',
  DisplayName: 'default resource group',
  Status: 'OK',
  CreateDate: '',
});
