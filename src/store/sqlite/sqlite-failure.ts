export type SqliteFailure = 'NO_SPACE' | 'NOT_WRITABLE' | 'DAMAGED';

/** SQLite's primary result codes that have a name here. */
const FAILURES: Readonly<Record<number, SqliteFailure>> = {
  8: 'NOT_WRITABLE',
  11: 'DAMAGED',
  13: 'NO_SPACE',
  14: 'NOT_WRITABLE',
  26: 'DAMAGED',
};

/** What an error of SQLite's says of the file; undefined for every other error. */
export const sqliteFailure = (error: unknown): SqliteFailure | undefined =>
  error instanceof Error && 'errcode' in error ? FAILURES[Number(error.errcode) & 0xff] : undefined;
