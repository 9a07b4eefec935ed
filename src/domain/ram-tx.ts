// The store's verbs behind RAM. A part of ReadTx and Tx. Names of users, roles and policies are
// compared letter by letter; lists are in order of the name.
import type { AccountId } from './ids.ts';
import type { PolicyText, PolicyType, Principal } from './principal.ts';
import type {
  PolicyAttachment,
  RamGroup,
  RamMembership,
  RamPolicy,
  RamPolicyVersion,
  RamRole,
  RamUser,
} from './ram.ts';

/** Keyset: rows after this name. */
export interface NamePage {
  after: string;
  limit: number;
}

export interface RamReads {
  /** What is attached to the user and its groups, or to the session's role, at most some hundred; nothing for root. */
  policiesOf(accountId: AccountId, principal: Principal): Promise<readonly PolicyText[]>;

  ramUser(accountId: AccountId, userName: string): Promise<RamUser | undefined>;
  ramUsers(accountId: AccountId, page: NamePage): Promise<RamUser[]>;
  ramUserCount(accountId: AccountId): Promise<number>;

  ramGroup(accountId: AccountId, groupName: string): Promise<RamGroup | undefined>;
  ramGroupById(accountId: AccountId, groupId: string): Promise<RamGroup | undefined>;
  ramGroups(accountId: AccountId, page: NamePage): Promise<RamGroup[]>;
  ramGroupCount(accountId: AccountId): Promise<number>;
  groupsOfUser(accountId: AccountId, userId: string): Promise<(RamGroup & { joinMs: number })[]>;
  /** In order of the users' names. */
  usersOfGroup(
    accountId: AccountId,
    groupId: string,
    page: NamePage,
  ): Promise<(Pick<RamUser, 'userName' | 'displayName'> & { joinMs: number })[]>;

  ramRole(accountId: AccountId, roleName: string): Promise<RamRole | undefined>;
  ramRoles(accountId: AccountId, page: NamePage): Promise<RamRole[]>;
  ramRoleCount(accountId: AccountId): Promise<number>;
  /** What a session of the role needs to know at every call, in one row. */
  sessionRole(
    accountId: AccountId,
    roleName: string,
  ): Promise<{ roleId: string; isOperator: boolean } | undefined>;

  ramPolicy(accountId: AccountId, policyName: string): Promise<RamPolicy | undefined>;
  ramPolicies(accountId: AccountId, page: NamePage): Promise<RamPolicy[]>;
  ramPolicyCount(accountId: AccountId): Promise<number>;
  ramPolicyVersion(
    accountId: AccountId,
    policyName: string,
    version: number,
  ): Promise<RamPolicyVersion | undefined>;
  /** Oldest first. */
  ramPolicyVersions(accountId: AccountId, policyName: string): Promise<RamPolicyVersion[]>;

  attachmentsOfEntity(accountId: AccountId, entityId: string): Promise<PolicyAttachment[]>;
  attachmentsOfPolicy(
    accountId: AccountId,
    policyType: PolicyType,
    policyName: string,
  ): Promise<PolicyAttachment[]>;
  /** How many entities each attached policy of the type has. */
  attachmentCounts(accountId: AccountId, policyType: PolicyType): Promise<Map<string, number>>;
  ramUserById(accountId: AccountId, userId: string): Promise<RamUser | undefined>;
  ramRoleById(accountId: AccountId, roleId: string): Promise<RamRole | undefined>;
}

export interface RamWrites {
  insertRamUser(user: RamUser): Promise<void>;
  /** By `userId`, everything but that. */
  updateRamUser(user: RamUser): Promise<void>;
  deleteRamUser(accountId: AccountId, userId: string): Promise<void>;

  insertRamGroup(group: RamGroup): Promise<void>;
  /** By `groupId`, everything but that. */
  updateRamGroup(group: RamGroup): Promise<void>;
  deleteRamGroup(accountId: AccountId, groupId: string): Promise<void>;
  /** False when the user is in the group already. */
  insertMembership(membership: RamMembership): Promise<boolean>;
  deleteMembership(membership: Omit<RamMembership, 'joinMs'>): Promise<boolean>;

  insertRamRole(role: RamRole): Promise<void>;
  updateRamRole(role: RamRole): Promise<void>;
  deleteRamRole(accountId: AccountId, roleId: string): Promise<void>;

  insertRamPolicy(policy: RamPolicy): Promise<void>;
  updateRamPolicy(policy: RamPolicy): Promise<void>;
  /** The policy itself; its versions go by `deleteRamPolicyVersion`. */
  deleteRamPolicy(accountId: AccountId, policyName: string): Promise<void>;
  insertRamPolicyVersion(version: RamPolicyVersion): Promise<void>;
  deleteRamPolicyVersion(
    accountId: AccountId,
    policyName: string,
    version: number,
  ): Promise<boolean>;

  /** False when it is attached already. */
  insertAttachment(attachment: PolicyAttachment): Promise<boolean>;
  deleteAttachment(
    attachment: Pick<PolicyAttachment, 'accountId' | 'entityId' | 'policyType' | 'policyName'>,
  ): Promise<boolean>;
}
