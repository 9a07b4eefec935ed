// Records around images (instances, disks, networks, the image builder's), shares of images with other
// accounts, and what a snapshot knows of the disk it was taken from.
import type { Migration } from './migration.ts';

export const records: Migration = {
  version: 2,
  name: 'records',
  statements: ({ text, int }) => [
    `CREATE TABLE resource (
      resource_id ${text} NOT NULL PRIMARY KEY,
      resource_type ${text} NOT NULL,
      account_id ${text} NOT NULL,
      region_id ${text} NOT NULL,
      seq ${int} NOT NULL,
      creation_ms ${int} NOT NULL,
      resource_name ${text} NOT NULL,
      status ${text} NOT NULL,
      settled_status ${text} NOT NULL,
      settle_ms ${int} NOT NULL,
      parent_id ${text} NOT NULL,
      image_id ${text} NOT NULL,
      resource_group_id ${text} NOT NULL,
      detail ${text} NOT NULL)`,
    `CREATE INDEX resource_order ON resource (account_id, region_id, resource_type, seq)`,
    `CREATE INDEX resource_by_name ON resource (account_id, region_id, resource_type, resource_name)`,
    `CREATE INDEX resource_of_parent ON resource (parent_id)`,
    `CREATE INDEX resource_of_image ON resource (image_id, account_id) WHERE image_id <> ''`,
    `CREATE TABLE image_share (
      image_id ${text} NOT NULL,
      shared_account_id ${text} NOT NULL,
      account_id ${text} NOT NULL,
      region_id ${text} NOT NULL,
      shared_ms ${int} NOT NULL,
      PRIMARY KEY (image_id, shared_account_id))`,
    `CREATE INDEX image_share_of_account ON image_share (shared_account_id, region_id, image_id)`,
    `CREATE INDEX image_published ON image (region_id, is_public, image_family) WHERE is_public = 1`,
    `ALTER TABLE snapshot ADD COLUMN source_disk_id ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE snapshot ADD COLUMN retention_days ${int} NOT NULL DEFAULT 0`,
    `ALTER TABLE snapshot ADD COLUMN category ${text} NOT NULL DEFAULT 'standard'`,
    `ALTER TABLE snapshot ADD COLUMN resource_group_id ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE snapshot ADD COLUMN source_region_id ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE snapshot ADD COLUMN source_snapshot_id ${text} NOT NULL DEFAULT ''`,
    `CREATE INDEX snapshot_of_disk ON snapshot (source_disk_id) WHERE source_disk_id <> ''`,
  ],
};
