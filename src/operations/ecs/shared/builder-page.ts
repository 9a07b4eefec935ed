// What the lists of the image builder have in common: ids, tags, and pages by token. What the store can
// filter by it does; the rest is a predicate over the record, and then all records are read, which
// quotas keep below a named maximum.
import type { Resource, ResourceFilter } from '../../../domain/resource.ts';
import type { Scope } from '../../../domain/tx.ts';
import { integer, list, optional, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { pageToken, queryHash, readPageToken } from './page-token.ts';

const DEFAULT_RESULTS = 50;
const MOST_RESULTS = 500;
/** Records that a predicate is asked about. */
const MAX_READ = 10_000;

export const tokenPaging = {
  MaxResults: optional(
    integer({
      description: 'Entries a page, 1 to 500, 50 without it; more is answered as 500.',
      minimum: 1,
      maximum: MOST_RESULTS,
      clamp: true,
    }),
  ),
  NextToken: optional(
    string({
      description: 'From the page before; holds for the same filters only.',
      maxLength: 512,
      invalid: 'Invalid.NextToken',
    }),
  ),
};

/** The ids of a list's filter, N from 1 to 20. */
export const idList = (description: string, tooMany: string) =>
  optional(list(string({ maxLength: 128 }), { description, maxItems: 20, tooMany }));

export const pagingAnswer = {
  MaxResults: integer({ description: 'The size of the page.' }),
  NextToken: string({ description: 'Empty on the last page.' }),
  TotalCount: integer({ description: 'All matches, on every page.' }),
};

interface Query {
  filter: ResourceFilter;
  /** Absent: the store's filter says it all. */
  fits?: ((resource: Resource) => boolean) | undefined;
}

/** One page, newest first; `identity` is all that the query depends on, for its tokens. */
export const builderPage = async (
  ctx: Pick<ReadContext<'Invalid.NextToken'>, 'tx' | 'nowMs' | 'fail'>,
  scope: Scope,
  { filter, fits }: Query,
  paging: { MaxResults?: number; NextToken?: string },
  identity: readonly unknown[],
) => {
  const { MaxResults = DEFAULT_RESULTS, NextToken } = paging;
  const hash = queryHash(scope, ...identity);
  const position = NextToken === undefined ? [] : readPageToken(NextToken, hash, ['number']);
  if (position === undefined) throw ctx.fail('Invalid.NextToken');
  const [beforeSeq] = position;
  const read = (more: Partial<ResourceFilter>, limit: number) =>
    ctx.tx.resources(scope, { ...filter, ...more }, { limit, offset: 0 }, ctx.nowMs);
  const all = await read({}, fits === undefined ? 0 : MAX_READ);
  const fitting = fits === undefined ? undefined : all.rows.filter(fits);
  const after = (row: Resource): boolean => beforeSeq === undefined || row.seq < beforeSeq;
  // One row more than the page tells whether another follows.
  const found =
    fitting?.filter(after) ??
    (await read(beforeSeq === undefined ? {} : { beforeSeq }, MaxResults + 1)).rows;
  const rows = found.slice(0, MaxResults);
  const last = rows.at(-1);
  const hasMore = found.length > MaxResults && last !== undefined;
  return {
    rows,
    answer: {
      MaxResults,
      NextToken: hasMore ? pageToken(hash, [last.seq]) : '',
      TotalCount: fitting?.length ?? all.total,
    },
  };
};
