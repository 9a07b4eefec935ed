// Addresses that last: names of files that never change, who may read a family, which images were its
// head a moment ago, signatures of publishers, and the alias of an account.
import type { Migration } from './migration.ts';

export const addresses: Migration = {
  version: 4,
  name: 'addresses',
  statements: ({ text, int }) => [
    `ALTER TABLE image ADD COLUMN file_stem ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE image ADD COLUMN source_image_id ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE account ADD COLUMN account_alias ${text}`,
    `CREATE UNIQUE INDEX account_by_alias ON account (account_alias)`,
    `CREATE TABLE public_family (
      account_id ${text} NOT NULL,
      region_id ${text} NOT NULL,
      image_family ${text} NOT NULL,
      PRIMARY KEY (account_id, region_id, image_family))`,
    `CREATE TABLE family_read_token (
      token_id ${text} NOT NULL PRIMARY KEY,
      token_hash ${text} NOT NULL,
      account_id ${text} NOT NULL,
      region_id ${text} NOT NULL,
      image_family ${text} NOT NULL,
      description ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      expires_ms ${int},
      last_used_ms ${int})`,
    `CREATE UNIQUE INDEX family_read_token_by_hash ON family_read_token (token_hash)`,
    `CREATE INDEX family_read_token_of_family ON family_read_token (account_id, region_id, image_family)`,
    `CREATE TABLE former_head (
      account_id ${text} NOT NULL,
      region_id ${text} NOT NULL,
      image_family ${text} NOT NULL,
      image_id ${text} NOT NULL,
      file_name ${text} NOT NULL,
      digest ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      until_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, region_id, image_family, image_id))`,
    `CREATE INDEX former_head_of_image ON former_head (image_id)`,
    `CREATE TABLE image_signature (
      image_id ${text} NOT NULL,
      signature_type ${text} NOT NULL,
      account_id ${text} NOT NULL,
      region_id ${text} NOT NULL,
      signature ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      PRIMARY KEY (image_id, signature_type))`,
  ],
};
