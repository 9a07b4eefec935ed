// What the lists of the image builder have in common: ids, and pages by token of up to 500 entries.
import type { Scope } from '../../../domain/tx.ts';
import { integer, list, optional, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { given } from './given.ts';
import { pageOfResources, type Paging, type ResourceQuery } from './resource-page.ts';

const DEFAULT_RESULTS = 50;
const MOST_RESULTS = 500;

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

/** One page, newest first; `identity` is all that the query depends on, for its tokens. */
export const builderPage = async (
  ctx: Pick<ReadContext<'Invalid.NextToken'>, 'tx' | 'nowMs' | 'fail'>,
  scope: Scope,
  query: ResourceQuery,
  { MaxResults = DEFAULT_RESULTS, NextToken }: Pick<Paging, 'MaxResults' | 'NextToken'>,
  identity: readonly unknown[],
) => {
  // The page refuses nothing but a token, which these lists answer with a code of their own.
  const page = { tx: ctx.tx, nowMs: ctx.nowMs, fail: () => ctx.fail('Invalid.NextToken') };
  const paging = { MaxResults, ...given({ NextToken }) };
  const { rows, answer } = await pageOfResources(page, scope, query, paging, identity);
  const { TotalCount, NextToken: next } = answer;
  return { rows, answer: { MaxResults, NextToken: next, TotalCount } };
};
