// Every file that changes rows by itself, and what the audit trail has of it: a record of its own, or why
// none. An operation is not here: execute.ts records each call that changes something. A file that is
// missing, and one that is here and changes nothing, fails the test.

/** The file records what it changes, in the transaction that changes it. */
const RECORDED = 'recorded';

/** The call that began the job is recorded; what the job does stands in the journal of changes. */
const JOB = 'a step of a job that a recorded call began';

const DOOR =
  'called by the object door, which records each of its operations (audit/doors.test.ts)';

const NO_CHANGE = 'bookkeeping of the server: nobody who uses it sees another answer';

export const CHANGES: Readonly<Record<string, string>> = {
  'src/server/execute.ts': RECORDED,
  'src/server/uploads/uploads.ts': RECORDED,
  'src/server/first-account.ts': RECORDED,
  'src/server/audit/begin.ts': RECORDED,
  'src/server/audit/refused-calls.ts': RECORDED,
  'src/server/audit/removals.ts': RECORDED,
  'src/server/audit/retention.ts': RECORDED,
  'src/server/audit/trail.ts': RECORDED,
  'src/store/sqlite/sealed-columns.ts': RECORDED,
  'src/server/seal-user-data.ts': 'domain/seal-user-data.ts records what it seals',

  'src/store/sqlite/append-record.ts': 'writes nothing but a record',
  'src/server/oss/objects.ts': DOOR,
  'src/server/oss/operations/PutBucket.ts': DOOR,
  'src/server/oss/operations/DeleteBucket.ts': DOOR,

  'src/jobs/job-run.ts': JOB,
  'src/jobs/create-image.ts': JOB,
  'src/jobs/publish-staged.ts': JOB,
  'src/jobs/import-image.ts': JOB,
  'src/jobs/come-to-nothing.ts': JOB,
  'src/jobs/copy-image.ts': JOB,
  'src/jobs/export-image.ts': JOB,
  'src/jobs/job-progress.ts': JOB,
  'src/jobs/image-pipeline-execution.ts': JOB,

  'src/jobs/verify-blobs.ts': NO_CHANGE,
  'src/jobs/verify-copy.ts': 'what it does to images, domain/damage.ts records',
  'src/server/backup/restore-rows.ts':
    'after the record of the restore (audit/begin.ts); what it does to images, domain/damage.ts records',
  'src/blobs/store-garbage.ts':
    'told to whoever asked: the record of CollectGarbage, or that of the sweep (audit/removals.ts)',
  'src/jobs/engine.ts': NO_CHANGE,
  'src/server/audit/image-uses.ts': NO_CHANGE,
  'src/server/backup/server-backups.ts': NO_CHANGE,
  'src/server/job-runner.ts':
    'tokens and nonces whose time has passed, and when copies are read again: no answer changes',
  'src/server/note-once.ts':
    'when a key or a token was last used: the use itself is recorded or counted',
};

/** What makes a record. */
export const RECORDERS: readonly string[] = [
  'record',
  'recordService',
  'recordUpload',
  'appendRecord',
];

export { RECORDED };
