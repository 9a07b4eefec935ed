// What a task has written into a bucket, and why an image could not be made.
import type { Migration } from './migration.ts';

export const exports: Migration = {
  version: 3,
  name: 'exports',
  statements: ({ text }) => [
    `ALTER TABLE task ADD COLUMN objects ${text} NOT NULL DEFAULT '[]'`,
    `ALTER TABLE image ADD COLUMN error_code ${text} NOT NULL DEFAULT ''`,
    `ALTER TABLE image ADD COLUMN error_message ${text} NOT NULL DEFAULT ''`,
  ],
};
