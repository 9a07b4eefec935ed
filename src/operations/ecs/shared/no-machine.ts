import { because } from './because.ts';

/** Rows of the vendor's tables for operations on one instance that no record can provoke. */
export const noMachine = (...rows: readonly string[]): Record<string, string> =>
  because(
    'An instance is a record: nothing of it breaks, expires, is locked, sold out or charged.',
    rows,
  );

export const NEVER_INTERNAL = {
  '500 InternalError': 'Any operation answers a bug of the server with it; no request provokes it.',
} as const;
