// Instances whose user data were written before user data were sealed. No key is at hand here: the next start
// seals them (server/seal-user-data.ts), wipes the file, and the table is empty from then on. The row without an
// id stands for the wiping, and goes last.
import type { Migration } from './migration.ts';

export const clearUserData: Migration = {
  version: 10,
  name: 'clear-user-data',
  statements: ({ text }) => [
    `CREATE TABLE clear_user_data (resource_id ${text} NOT NULL PRIMARY KEY)`,
    // Within a text of the JSON the quotes would be escaped.
    `INSERT INTO clear_user_data (resource_id)
     SELECT resource_id FROM resource WHERE detail LIKE '%"userData":%'`,
    `INSERT INTO clear_user_data (resource_id)
     SELECT '' WHERE EXISTS (SELECT 1 FROM clear_user_data)`,
  ],
};
