// Custom policies, their versions, and which policy is attached to whom. What a policy means is not
// known here.
import type { AccountId } from '../../domain/ids.ts';
import type { PolicyText, PolicyType, Principal } from '../../domain/principal.ts';
import type { PolicyAttachment, RamPolicy, RamPolicyVersion } from '../../domain/ram.ts';
import type { NamePage } from '../../domain/ram-tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const selectPolicies = (db: QueryBuilder) =>
  db
    .selectFrom('ram_policy')
    .select([
      'account_id as accountId',
      'policy_name as policyName',
      'description',
      'default_version as defaultVersion',
      'next_version as nextVersion',
      'creation_ms as creationMs',
      'update_ms as updateMs',
    ]);
const selectVersions = (db: QueryBuilder) =>
  db
    .selectFrom('ram_policy_version')
    .select([
      'account_id as accountId',
      'policy_name as policyName',
      'version',
      'policy_document as policyDocument',
      'creation_ms as creationMs',
    ]);
const selectAttachments = (db: QueryBuilder) =>
  db
    .selectFrom('ram_attachment')
    .select([
      'account_id as accountId',
      'entity_type as entityType',
      'entity_id as entityId',
      'policy_type as policyType',
      'policy_name as policyName',
      'attach_ms as attachMs',
    ]);

interface Named {
  accountId: string;
  policyName: string;
}
type Versioned = Named & { version: number };

/** Of the entity and of the groups that it is in. The default version's text comes with every custom policy. */
const textsOfEntity = statement((db, arg: { accountId: string; entityId: string }) =>
  db
    .selectFrom('ram_attachment as attachment')
    .leftJoin('ram_policy as policy', (join) =>
      join
        .onRef('policy.account_id', '=', 'attachment.account_id')
        .onRef('policy.policy_name', '=', 'attachment.policy_name')
        .on('attachment.policy_type', '=', 'Custom'),
    )
    .leftJoin('ram_policy_version as version', (join) =>
      join
        .onRef('version.account_id', '=', 'policy.account_id')
        .onRef('version.policy_name', '=', 'policy.policy_name')
        .onRef('version.version', '=', 'policy.default_version'),
    )
    .select([
      'attachment.policy_type as policyType',
      'attachment.policy_name as policyName',
      'version.policy_document as policyDocument',
    ])
    .where('attachment.account_id', '=', arg.accountId)
    .where((eb) =>
      eb.or([
        eb('attachment.entity_id', '=', arg.entityId),
        eb(
          'attachment.entity_id',
          'in',
          eb
            .selectFrom('ram_membership as member')
            .select('member.group_id')
            .where('member.account_id', '=', arg.accountId)
            .where('member.user_id', '=', arg.entityId),
        ),
      ]),
    )
    .orderBy('attachment.policy_type')
    .orderBy('attachment.policy_name'),
);
const policyByName = statement((db, arg: Named) =>
  selectPolicies(db)
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '=', arg.policyName),
);
const policyPage = statement((db, arg: NamePage & { accountId: string }) =>
  selectPolicies(db)
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '>', arg.after)
    .orderBy('policy_name')
    .limit(arg.limit),
);
const policyCount = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('ram_policy')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId),
);
const versionsOfPolicy = statement((db, arg: Named) =>
  selectVersions(db)
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '=', arg.policyName)
    .orderBy('version'),
);
const versionOfPolicy = statement((db, arg: Versioned) =>
  selectVersions(db)
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '=', arg.policyName)
    .where('version', '=', arg.version),
);
const attachmentsOfEntity = statement((db, arg: { accountId: string; entityId: string }) =>
  selectAttachments(db)
    .where('account_id', '=', arg.accountId)
    .where('entity_id', '=', arg.entityId)
    .orderBy('policy_type')
    .orderBy('policy_name'),
);
const attachmentsOfPolicy = statement((db, arg: Named & { policyType: string }) =>
  selectAttachments(db)
    .where('account_id', '=', arg.accountId)
    .where('policy_type', '=', arg.policyType)
    .where('policy_name', '=', arg.policyName)
    .orderBy('attach_ms')
    .orderBy('entity_id'),
);
const countsOfType = statement((db, arg: { accountId: string; policyType: string }) =>
  db
    .selectFrom('ram_attachment')
    .select((eb) => ['policy_name as policyName', eb.fn.countAll<number>().as('total')])
    .where('account_id', '=', arg.accountId)
    .where('policy_type', '=', arg.policyType)
    .groupBy('policy_name'),
);

export const ramPolicyReads = (connection: Connection) => ({
  async policiesOf(accountId: AccountId, principal: Principal): Promise<readonly PolicyText[]> {
    if (principal.kind === 'root') return [];
    const entityId = principal.kind === 'user' ? principal.userId : principal.roleId;
    const rows = await connection.all(textsOfEntity, { accountId, entityId });
    return rows.map(({ policyType, policyName, policyDocument }) => ({
      policyType: policyType as PolicyType,
      policyName,
      ...(policyDocument === null ? {} : { policyDocument }),
    }));
  },
  async ramPolicy(accountId: AccountId, policyName: string): Promise<RamPolicy | undefined> {
    return (await connection.one(policyByName, { accountId, policyName })) as RamPolicy | undefined;
  },
  async ramPolicies(accountId: AccountId, page: NamePage): Promise<RamPolicy[]> {
    return (await connection.all(policyPage, { accountId, ...page })) as RamPolicy[];
  },
  async ramPolicyCount(accountId: AccountId): Promise<number> {
    return (await connection.one(policyCount, { accountId }))?.total ?? 0;
  },
  async ramPolicyVersions(accountId: AccountId, policyName: string): Promise<RamPolicyVersion[]> {
    return (await connection.all(versionsOfPolicy, {
      accountId,
      policyName,
    })) as RamPolicyVersion[];
  },
  async ramPolicyVersion(
    accountId: AccountId,
    policyName: string,
    version: number,
  ): Promise<RamPolicyVersion | undefined> {
    return (await connection.one(versionOfPolicy, { accountId, policyName, version })) as
      | RamPolicyVersion
      | undefined;
  },
  async attachmentsOfEntity(accountId: AccountId, entityId: string): Promise<PolicyAttachment[]> {
    return (await connection.all(attachmentsOfEntity, {
      accountId,
      entityId,
    })) as PolicyAttachment[];
  },
  async attachmentsOfPolicy(
    accountId: AccountId,
    policyType: PolicyType,
    policyName: string,
  ): Promise<PolicyAttachment[]> {
    return (await connection.all(attachmentsOfPolicy, {
      accountId,
      policyType,
      policyName,
    })) as PolicyAttachment[];
  },
  async attachmentCounts(
    accountId: AccountId,
    policyType: PolicyType,
  ): Promise<Map<string, number>> {
    const rows = await connection.all(countsOfType, { accountId, policyType });
    return new Map(rows.map(({ policyName, total }) => [policyName, total]));
  },
});

const insertPolicy = statement((db, arg: RamPolicy) =>
  db.insertInto('ram_policy').values({
    account_id: arg.accountId,
    policy_name: arg.policyName,
    description: arg.description,
    default_version: arg.defaultVersion,
    next_version: arg.nextVersion,
    creation_ms: arg.creationMs,
    update_ms: arg.updateMs,
  }),
);
const updatePolicy = statement((db, arg: RamPolicy) =>
  db
    .updateTable('ram_policy')
    .set({
      description: arg.description,
      default_version: arg.defaultVersion,
      next_version: arg.nextVersion,
      update_ms: arg.updateMs,
    })
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '=', arg.policyName),
);
const deletePolicy = statement((db, arg: Named) =>
  db
    .deleteFrom('ram_policy')
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '=', arg.policyName),
);
const insertVersion = statement((db, arg: RamPolicyVersion) =>
  db.insertInto('ram_policy_version').values({
    account_id: arg.accountId,
    policy_name: arg.policyName,
    version: arg.version,
    policy_document: arg.policyDocument,
    creation_ms: arg.creationMs,
  }),
);
const deleteVersion = statement((db, arg: Versioned) =>
  db
    .deleteFrom('ram_policy_version')
    .where('account_id', '=', arg.accountId)
    .where('policy_name', '=', arg.policyName)
    .where('version', '=', arg.version),
);
const insertAttachment = statement((db, arg: PolicyAttachment) =>
  db
    .insertInto('ram_attachment')
    .values({
      account_id: arg.accountId,
      entity_type: arg.entityType,
      entity_id: arg.entityId,
      policy_type: arg.policyType,
      policy_name: arg.policyName,
      attach_ms: arg.attachMs,
    })
    .onConflict((oc) => oc.doNothing()),
);
type AttachmentKey = Pick<PolicyAttachment, 'accountId' | 'entityId' | 'policyType' | 'policyName'>;
const deleteAttachment = statement((db, arg: AttachmentKey) =>
  db
    .deleteFrom('ram_attachment')
    .where('account_id', '=', arg.accountId)
    .where('entity_id', '=', arg.entityId)
    .where('policy_type', '=', arg.policyType)
    .where('policy_name', '=', arg.policyName),
);

export const ramPolicyWrites = (connection: Connection) => ({
  async insertRamPolicy(policy: RamPolicy): Promise<void> {
    await connection.run(insertPolicy, policy);
  },
  async updateRamPolicy(policy: RamPolicy): Promise<void> {
    await connection.run(updatePolicy, policy);
  },
  async deleteRamPolicy(accountId: AccountId, policyName: string): Promise<void> {
    await connection.run(deletePolicy, { accountId, policyName });
  },
  async insertRamPolicyVersion(version: RamPolicyVersion): Promise<void> {
    await connection.run(insertVersion, version);
  },
  async deleteRamPolicyVersion(accountId: AccountId, policyName: string, version: number) {
    return (await connection.run(deleteVersion, { accountId, policyName, version })) === 1;
  },
  async insertAttachment(attachment: PolicyAttachment): Promise<boolean> {
    return (await connection.run(insertAttachment, attachment)) === 1;
  },
  async deleteAttachment(attachment: AttachmentKey): Promise<boolean> {
    return (await connection.run(deleteAttachment, attachment)) === 1;
  },
});
