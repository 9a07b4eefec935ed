// RAM: users, roles, custom policies with their versions, what is attached to whom; keys of users.
// A key without a user is a root key. When a key was used last is kept apart: it is no change of state.
import type { Migration } from './migration.ts';

export const ram: Migration = {
  version: 8,
  name: 'ram',
  statements: ({ text, int }) => [
    `CREATE TABLE ram_user (
      account_id ${text} NOT NULL,
      user_name ${text} NOT NULL,
      user_id ${text} NOT NULL,
      display_name ${text} NOT NULL,
      mobile_phone ${text} NOT NULL,
      email ${text} NOT NULL,
      comments ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      update_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, user_name))`,
    `CREATE UNIQUE INDEX ram_user_by_id ON ram_user (user_id)`,
    `CREATE TABLE ram_role (
      account_id ${text} NOT NULL,
      role_name ${text} NOT NULL,
      role_id ${text} NOT NULL,
      description ${text} NOT NULL,
      assume_role_policy_document ${text} NOT NULL,
      max_session_seconds ${int} NOT NULL,
      creation_ms ${int} NOT NULL,
      update_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, role_name))`,
    `CREATE UNIQUE INDEX ram_role_by_id ON ram_role (role_id)`,
    `CREATE TABLE ram_policy (
      account_id ${text} NOT NULL,
      policy_name ${text} NOT NULL,
      description ${text} NOT NULL,
      default_version ${int} NOT NULL,
      next_version ${int} NOT NULL,
      creation_ms ${int} NOT NULL,
      update_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, policy_name))`,
    `CREATE TABLE ram_policy_version (
      account_id ${text} NOT NULL,
      policy_name ${text} NOT NULL,
      version ${int} NOT NULL,
      policy_document ${text} NOT NULL,
      creation_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, policy_name, version))`,
    `CREATE TABLE ram_attachment (
      account_id ${text} NOT NULL,
      entity_id ${text} NOT NULL,
      policy_type ${text} NOT NULL,
      policy_name ${text} NOT NULL,
      entity_type ${text} NOT NULL,
      attach_ms ${int} NOT NULL,
      PRIMARY KEY (account_id, entity_id, policy_type, policy_name))`,
    `CREATE INDEX ram_attachment_of_policy ON ram_attachment (account_id, policy_type, policy_name)`,
    `ALTER TABLE access_key ADD COLUMN user_id ${text}`,
    `ALTER TABLE access_key ADD COLUMN end_ms ${int}`,
    `CREATE INDEX access_key_of_user ON access_key (account_id, user_id)`,
    `CREATE TABLE access_key_use (
      access_key_id ${text} NOT NULL PRIMARY KEY,
      last_used_ms ${int} NOT NULL,
      service ${text} NOT NULL)`,
  ],
};
