// The words of RAM: users, roles, custom policies and what is attached to whom. Every row belongs to
// an account; names are unique within it.
import type { AccountId } from './ids.ts';
import type { PolicyType } from './principal.ts';

/** How many of each an account may have; the vendor's figures. */
export const MAX_RAM_USERS = 1000;
export const MAX_RAM_GROUPS = 50;
/** Bounds how many policies a call of the user is held against. */
export const MAX_GROUPS_PER_USER = 10;
export const MAX_RAM_ROLES = 1000;
export const MAX_RAM_POLICIES = 1500;
export const MAX_KEYS_PER_USER = 2;
export const MAX_POLICY_VERSIONS = 5;
/** Of each type, to one user, group or role. */
export const MAX_ATTACHED_POLICIES = 20;

export interface RamUser {
  accountId: AccountId;
  /** 18 digits; stays when the user is renamed. */
  userId: string;
  userName: string;
  displayName: string;
  mobilePhone: string;
  email: string;
  comments: string;
  creationMs: number;
  updateMs: number;
}

export interface RamGroup {
  accountId: AccountId;
  /** `g-` and 16 letters and digits; stays when the group is renamed. */
  groupId: string;
  groupName: string;
  comments: string;
  creationMs: number;
  updateMs: number;
}

export interface RamMembership {
  accountId: AccountId;
  userId: string;
  groupId: string;
  joinMs: number;
}

export interface RamRole {
  accountId: AccountId;
  /** 18 digits; a role of the same name made later is another. */
  roleId: string;
  roleName: string;
  description: string;
  /** The trust policy's JSON: who may assume the role. */
  assumeRolePolicyDocument: string;
  maxSessionSeconds: number;
  creationMs: number;
  updateMs: number;
}

export interface RamPolicy {
  accountId: AccountId;
  policyName: string;
  description: string;
  /** 3 is shown as `v3`. */
  defaultVersion: number;
  /** The number of the version that is made next; numbers are never used again. */
  nextVersion: number;
  creationMs: number;
  updateMs: number;
}

export interface RamPolicyVersion {
  accountId: AccountId;
  policyName: string;
  version: number;
  policyDocument: string;
  creationMs: number;
}

/** What a policy may be attached to. */
export type EntityType = 'user' | 'group' | 'role';

export interface PolicyAttachment {
  accountId: AccountId;
  entityType: EntityType;
  /** UserId, GroupId or RoleId. */
  entityId: string;
  policyType: PolicyType;
  policyName: string;
  attachMs: number;
}

export const roleArn = (accountId: AccountId, roleName: string): string =>
  `acs:ram::${accountId}:role/${roleName}`;
