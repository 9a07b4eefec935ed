// The trail of calls that changed something, as a chain of hashes; where its front was cut; the keys that
// sign its head; and how often images were resolved and read, by day. `record` is the text that was hashed;
// the columns beside it are for finding it. No index but by time: records come in order of time, so that
// a write adds to the end of each tree.
import type { Migration } from './migration.ts';

export const audit: Migration = {
  version: 9,
  name: 'audit',
  statements: ({ text, int }) => [
    `CREATE TABLE audit_record (
      sequence ${int} NOT NULL PRIMARY KEY,
      time_ms ${int} NOT NULL,
      account_id ${text} NOT NULL,
      principal ${text} NOT NULL,
      event_name ${text} NOT NULL,
      request_id ${text} NOT NULL,
      resources ${text} NOT NULL,
      record ${text} NOT NULL,
      hash ${text} NOT NULL)`,
    `CREATE INDEX audit_record_time ON audit_record (time_ms, sequence)`,
    `CREATE INDEX audit_record_account ON audit_record (account_id, time_ms, sequence)`,
    `CREATE TABLE audit_cut (
      sequence ${int} NOT NULL PRIMARY KEY,
      hash ${text} NOT NULL,
      time_ms ${int} NOT NULL)`,
    `CREATE TABLE audit_key (
      incarnation ${int} NOT NULL PRIMARY KEY,
      public_key ${text} NOT NULL,
      sealed_private_key ${text} NOT NULL,
      creation_ms ${int} NOT NULL)`,
    `CREATE TABLE image_use (
      day ${text} NOT NULL,
      account_id ${text} NOT NULL,
      image_id ${text} NOT NULL,
      principal ${text} NOT NULL,
      resolutions ${int} NOT NULL,
      downloads ${int} NOT NULL,
      bytes ${int} NOT NULL,
      PRIMARY KEY (account_id, day, image_id, principal))`,
  ],
};
