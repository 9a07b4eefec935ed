// One page of records in either of the vendor's paging styles. What the store can filter by it does; the
// rest is a predicate over the record, and then all records (quotas bound them) are read and counted here. `NextToken` or `MaxResults` switches to the token style.
import { everyResource } from '../../../domain/every-resource.ts';
import type { Resource, ResourceFilter } from '../../../domain/resource.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { ReadContext } from '../../../operation.ts';
import { integer, optional, string } from '../../../lib/schema.ts';
import { pageToken, queryHash, readPageToken } from './page-token.ts';
import { pageNumber, pageSize } from './parameters.ts';

/** `PageNumber`, `PageSize`, `NextToken`, `MaxResults`. */
export const bothPagingStyles = {
  PageNumber: pageNumber,
  PageSize: pageSize,
  MaxResults: optional(
    integer({
      description: 'Entries a page in the token style, 1 to 100; more is answered as 100.',
      minimum: 1,
      maximum: 100,
      clamp: true,
    }),
  ),
  NextToken: optional(string({ description: 'From the page before.', maxLength: 512 })),
};

export interface Paging {
  PageNumber?: number;
  PageSize?: number;
  MaxResults?: number;
  NextToken?: string;
}

export interface ResourcePage {
  rows: Resource[];
  answer: { NextToken: string; PageNumber: number; PageSize: number; TotalCount: number };
}

export interface ResourceQuery {
  filter: ResourceFilter;
  /** Absent: the store's filter says it all. */
  fits?: (resource: Resource) => boolean;
}

/**
 * The page; `identity` is all that the query depends on, for its tokens. Throws the operation's error
 * for a token that is not of this query.
 */
export const pageOfResources = async (
  ctx: Pick<ReadContext<'InvalidParameter'>, 'tx' | 'nowMs' | 'fail'>,
  scope: Scope,
  { filter, fits }: ResourceQuery,
  { PageNumber = 1, PageSize = 10, MaxResults, NextToken }: Paging,
  identity: readonly unknown[],
): Promise<ResourcePage> => {
  const byToken = NextToken !== undefined || MaxResults !== undefined;
  const limit = byToken ? (MaxResults ?? 10) : PageSize;
  const hash = queryHash(scope, ...identity);
  const position = NextToken === undefined ? [] : readPageToken(NextToken, hash, ['number']);
  if (position === undefined) throw ctx.fail('InvalidParameter', { parameter: 'NextToken' });
  const [beforeSeq = Number.POSITIVE_INFINITY] = position;
  const offset = byToken ? 0 : (PageNumber - 1) * limit;
  const read = (page: { limit: number; offset: number }, more: Partial<ResourceFilter> = {}) =>
    ctx.tx.resources(scope, { ...filter, ...more }, page, ctx.nowMs);

  const answer = { NextToken: '', PageNumber, PageSize: limit, TotalCount: 0 };
  let rows: Resource[];
  let left: number;
  if (fits === undefined) {
    const isFirst = beforeSeq === Number.POSITIVE_INFINITY;
    const page = await read({ limit, offset }, isFirst ? {} : { beforeSeq });
    rows = page.rows;
    left = page.total;
    // Behind a token the store counts what is left; the answer counts everything.
    answer.TotalCount = isFirst ? page.total : (await read({ limit: 0, offset: 0 })).total;
  } else {
    const all = (await everyResource(ctx.tx, scope, filter, ctx.nowMs)).filter(fits);
    const after = all.filter((row) => row.seq < beforeSeq);
    rows = after.slice(offset, offset + limit);
    left = after.length;
    answer.TotalCount = all.length;
  }
  const last = rows.at(-1);
  if (byToken && last !== undefined && left > rows.length)
    answer.NextToken = pageToken(hash, [last.seq]);
  return { rows, answer };
};
