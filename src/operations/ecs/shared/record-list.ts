import type { Resource, ResourceFilter } from '../../../domain/resource.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { ReadContext } from '../../../operation.ts';

interface PageQuery {
  PageNumber?: number;
  PageSize?: number;
}

/** One page of records, newest first, with the numbers that stand beside every such list. */
export const recordPage = async <D extends object>(
  { tx, nowMs }: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  filter: ResourceFilter,
  { PageNumber = 1, PageSize = 10 }: PageQuery,
): Promise<{
  rows: Resource<D>[];
  numbers: { PageNumber: number; PageSize: number; TotalCount: number };
}> => {
  const isEmpty = filter.resourceIds?.length === 0;
  const page = { limit: PageSize, offset: (PageNumber - 1) * PageSize };
  const { rows, total } = isEmpty
    ? { rows: [], total: 0 }
    : await tx.resources(scope, filter, page, nowMs);
  // The kind that the filter names says what the details are.
  return { rows: rows as Resource<D>[], numbers: { PageNumber, PageSize, TotalCount: total } };
};

/** Ids of a comma list, up to `most`. */
export const idsOfList = (text: string | undefined, most: number): string[] | undefined =>
  text === undefined ? undefined : text.split(',', most).map((id) => id.trim());
