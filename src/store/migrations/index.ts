import { initial } from './0001-initial.ts';
import { records } from './0002-records.ts';
import { exports } from './0003-exports.ts';
import { addresses } from './0004-addresses.ts';
import { uploads } from './0005-uploads.ts';
import { objectFacts } from './0006-object-facts.ts';
import { verification } from './0007-verification.ts';
import { ram } from './0008-ram.ts';
import { audit } from './0009-audit.ts';
import { clearUserData } from './0010-clear-user-data.ts';
import { ramGroups } from './0011-ram-groups.ts';
import type { Migration } from './migration.ts';

/** Every migration in order; a landed one is never changed. */
export const migrations: readonly Migration[] = [
  initial,
  records,
  exports,
  addresses,
  uploads,
  objectFacts,
  verification,
  ram,
  audit,
  clearUserData,
  ramGroups,
];
