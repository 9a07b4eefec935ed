// Uploads by a secret URL. Of the secret only a hash is kept.
import type { Migration } from './migration.ts';

export const uploads: Migration = {
  version: 5,
  name: 'uploads',
  statements: ({ text, int }) => [
    `CREATE TABLE upload (
      upload_id ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL,
      bucket ${text} NOT NULL,
      object ${text} NOT NULL,
      size_bytes ${int} NOT NULL,
      sha256 ${text} NOT NULL,
      status ${text} NOT NULL,
      version ${text} NOT NULL,
      message ${text} NOT NULL,
      secret_hash ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      expires_ms ${int} NOT NULL)`,
    `CREATE UNIQUE INDEX upload_by_secret ON upload (secret_hash)`,
    `CREATE INDEX upload_of_account ON upload (account_id, creation_ms, upload_id)`,
    `CREATE INDEX upload_expiry ON upload (expires_ms)`,
    `CREATE INDEX upload_deleting ON upload (status) WHERE status = 'Deleting'`,
  ],
};
