// What is known of the content of objects that came through the object door, by version of their file.
import type { Migration } from './migration.ts';

export const objectFacts: Migration = {
  version: 6,
  name: 'object-facts',
  statements: ({ text }) => [
    `CREATE TABLE object_fact (
      bucket ${text} NOT NULL,
      object ${text} NOT NULL,
      version ${text} NOT NULL,
      facts ${text} NOT NULL,
      PRIMARY KEY (bucket, object, version))`,
  ],
};
