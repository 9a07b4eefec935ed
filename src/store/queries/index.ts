import type { ReadTx, Tx } from '../../domain/tx.ts';
import type { Connection } from '../statement.ts';
import { addressReads, addressWrites } from './addresses.ts';
import { auditReads, auditWrites } from './audit.ts';
import { accountReads, accountWrites } from './accounts.ts';
import { blobReads, blobWrites } from './blobs.ts';
import { familyReads, familyWrites } from './families.ts';
import { imageSignatureReads, imageSignatureWrites } from './image-signatures.ts';
import { imageShareReads, imageShareWrites } from './image-shares.ts';
import { imageReads, imageWrites } from './images.ts';
import { jobReads, jobWrites } from './jobs.ts';
import { journalReads, journalWrites } from './journal.ts';
import { objectFactReads, objectFactWrites } from './object-facts.ts';
import { ramEntityReads, ramEntityWrites } from './ram-entities.ts';
import { ramGroupReads, ramGroupWrites } from './ram-groups.ts';
import { ramPolicyReads, ramPolicyWrites } from './ram-policies.ts';
import { resourceReads, resourceWrites } from './resources.ts';
import { snapshotReads, snapshotWrites } from './snapshots.ts';
import { tagReads, tagWrites } from './tags.ts';
import { taskReads, taskWrites } from './tasks.ts';
import { verificationReads, verificationWrites } from './verifications.ts';
import { uploadReads, uploadWrites } from './uploads.ts';
import { usageReads } from './usage.ts';

/** The reading verbs over one connection. */
export const readVerbs = (connection: Connection): ReadTx => ({
  ...accountReads(connection),
  ...addressReads(connection),
  ...auditReads(connection),
  ...imageSignatureReads(connection),
  ...blobReads(connection),
  ...familyReads(connection),
  ...imageReads(connection),
  ...imageShareReads(connection),
  ...jobReads(connection),
  ...journalReads(connection),
  ...objectFactReads(connection),
  ...ramEntityReads(connection),
  ...ramGroupReads(connection),
  ...ramPolicyReads(connection),
  ...resourceReads(connection),
  ...snapshotReads(connection),
  ...tagReads(connection),
  ...taskReads(connection),
  ...verificationReads(connection),
  ...uploadReads(connection),
  ...usageReads(connection),
});

/** What a write is given besides its verbs, anew for each write. */
export type WriteVerbs = Omit<Tx, 'actor' | 'afterCommit' | 'record'>;

/** All verbs over one connection. */
export const writeVerbs = (connection: Connection): WriteVerbs => ({
  ...readVerbs(connection),
  ...accountWrites(connection),
  ...addressWrites(connection),
  ...auditWrites(connection),
  ...imageSignatureWrites(connection),
  ...blobWrites(connection),
  ...familyWrites(connection),
  ...imageWrites(connection),
  ...imageShareWrites(connection),
  ...jobWrites(connection),
  ...journalWrites(connection),
  ...objectFactWrites(connection),
  ...ramEntityWrites(connection),
  ...ramGroupWrites(connection),
  ...ramPolicyWrites(connection),
  ...resourceWrites(connection),
  ...snapshotWrites(connection),
  ...tagWrites(connection),
  ...taskWrites(connection),
  ...verificationWrites(connection),
  ...uploadWrites(connection),
});
