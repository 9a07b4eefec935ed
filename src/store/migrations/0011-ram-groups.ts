// Groups of RAM users. What is attached to a group stands in `ram_attachment` under its GroupId.
import type { Migration } from './migration.ts';

export const ramGroups: Migration = {
  version: 11,
  name: 'ram-groups',
  statements: ({ text, int }) => [
    `CREATE TABLE ram_group (
      account_id ${text} NOT NULL,
      group_name ${text} NOT NULL,
      group_id ${text} NOT NULL,
      comments ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      update_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, group_name))`,
    `CREATE UNIQUE INDEX ram_group_by_id ON ram_group (group_id)`,
    `CREATE TABLE ram_membership (
      account_id ${text} NOT NULL,
      user_id ${text} NOT NULL,
      group_id ${text} NOT NULL,
      join_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, user_id, group_id))`,
    `CREATE INDEX ram_membership_of_group ON ram_membership (account_id, group_id)`,
  ],
};
