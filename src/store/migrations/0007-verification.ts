// When bytes were last read and found whole, which copies are damaged, and what a verification has seen.
// Bytes were hashed on their way in, so that a blob counts as verified when it was made.
import type { Migration } from './migration.ts';

export const verification: Migration = {
  version: 7,
  name: 'verification',
  statements: ({ text, int }) => [
    `ALTER TABLE image ADD COLUMN status_before ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE placement ADD COLUMN verified_ms ${int} NOT NULL DEFAULT 0`,
    `ALTER TABLE placement ADD COLUMN damage ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE placement ADD COLUMN damaged_ms ${int} NOT NULL DEFAULT 0`,
    `UPDATE placement SET verified_ms =
      COALESCE((SELECT creation_ms FROM blob WHERE blob.digest = placement.digest), 0)`,
    `CREATE INDEX placement_verification ON placement (verified_ms, digest, store)`,
    `CREATE INDEX placement_lost ON placement (digest, store) WHERE state IN ('damaged', 'missing')`,
    `CREATE TABLE verification (
      verification_id ${text} NOT NULL PRIMARY KEY,
      start_ms ${int} NOT NULL,
      finish_ms ${int},
      total_blobs ${int} NOT NULL,
      total_bytes ${int} NOT NULL,
      checked_blobs ${int} NOT NULL,
      checked_bytes ${int} NOT NULL,
      damaged_blobs ${int} NOT NULL,
      repaired_blobs ${int} NOT NULL)`,
    `CREATE INDEX verification_order ON verification (start_ms, verification_id)`,
  ],
};
