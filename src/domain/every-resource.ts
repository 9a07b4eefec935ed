import type { Resource, ResourceFilter } from './resource.ts';
import type { ReadTx, Scope } from './tx.ts';

/** Records that one read brings. */
const PAGE_ROWS = 500;

/**
 * Every record that the filter lets through, newest first: for what has no column, and for what has to
 * be held against all of its kind. How many there can be is for the quotas to say.
 */
export const everyResource = async <D extends object>(
  tx: ReadTx,
  scope: Scope,
  filter: ResourceFilter,
  nowMs: number,
): Promise<Resource<D>[]> => {
  const found: Resource<D>[] = [];
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.resources(scope, filter, { limit: PAGE_ROWS, offset }, nowMs);
    // The kind that the filter names says what the details are.
    found.push(...(rows as Resource<D>[]));
    if (rows.length < PAGE_ROWS) return found;
  }
};
