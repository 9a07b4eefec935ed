// Writes what is there as a seed, page by page. No secret and no time of the export stands in it: what is
// equal is exported to equal texts.
import type { Account } from '../../domain/account.ts';
import type { ReadTx, Scope } from '../../domain/tx.ts';
import { integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountsByName } from './shared/seed-accounts.ts';
import { SEED_VERSION, type SeedFile, type SeedImage } from './shared/seed-schema.ts';
import { viewSeedImage } from './shared/seed-view.ts';

/** Images of a page without `MaxResults`. */
const USUAL_RESULTS = 200;

/** The scopes in the order of the file, and how many images of the scope at `index` are told. */
interface Point {
  index: number;
  told: number;
}

export const ExportSeed = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'ExportSeed',
  kind: 'read',
  docs: {
    summary: 'Writes the accounts and custom images of the whole installation as a seed.',
    notes:
      'With ids, times, families, states, tags and shares; without bytes (ApplySeed makes a blank disk for each), access keys, users and policies. Images on which work goes on (Creating, Waiting) are left out and counted. `kindred seed export` puts the pages together; while something changes they may not fit each other.',
  },
  input: object({
    MaxResults: optional(
      integer({
        description: `Images of a page; default ${USUAL_RESULTS}.`,
        minimum: 1,
        maximum: 500,
        invalid: 'InvalidParameter',
      }),
    ),
    NextToken: optional(
      string({
        description: 'Of the call before; absent: from the first.',
        maxLength: 64,
        invalid: 'Invalid.NextToken',
      }),
    ),
  }),
  output: object({
    Seed: string({ description: 'JSON text; accounts stand in the first page.' }),
    LeftOutCount: integer({ description: 'Images of this page on which work goes on.' }),
    NextToken: string({ description: 'Empty at the last page.' }),
  }),
  errors: { NoPermission: 403, InvalidParameter: 400, 'Invalid.NextToken': 400 },
  cannotOccur: {},
  access: {
    action: 'kindred:ExportSeed',
    rootOnly: true,
    operatorOnly: true,
    resource: () => '*',
  },
  example: {
    request: {},
    response: {
      Seed: '{"kindredSeed":1,"Accounts":[],"Images":[]}',
      LeftOutCount: 0,
      NextToken: '',
    },
  },
  async handler(ctx, { MaxResults = USUAL_RESULTS, NextToken }) {
    const { tx } = ctx;
    const from = NextToken === undefined ? { index: 0, told: 0 } : pointOf(NextToken);
    if (from === undefined) throw ctx.fail('Invalid.NextToken');
    const accounts = [...(await accountsByName(tx)).values()].toSorted(byName);
    const nameOf = new Map(
      accounts.map(({ accountId, accountName, isOperator }) => [
        accountId,
        { accountName, shown: isOperator ? '' : accountName },
      ]),
    );
    const scopes = await scopesOf(tx, accounts);
    const Images: SeedImage[] = [];
    let LeftOutCount = 0;
    let { index, told } = from;
    for (let left = MaxResults; left > 0 && index < scopes.length;) {
      const page = await oldestFirst(tx, scopes[index]!, told, left);
      for (const image of page.rows) {
        const shares = await tx.imageShares(image.imageId, { limit: 100, offset: 0 });
        const seen = viewSeedImage(image, {
          accountName: nameOf.get(image.accountId)?.shown ?? '',
          sharedWith: shares.rows.map(({ accountId }) => nameOf.get(accountId)!.accountName),
        });
        if (seen === undefined) LeftOutCount += 1;
        else Images.push(seen);
      }
      left -= page.rows.length;
      told += page.rows.length;
      if (told >= page.total) [index, told] = [index + 1, 0];
    }
    const Accounts = accounts
      .filter(({ isOperator }) => !isOperator && NextToken === undefined)
      .map(({ accountName, accountId }) => ({ AccountName: accountName, AccountId: accountId }));
    const seed: SeedFile = { kindredSeed: SEED_VERSION, Accounts, Images };
    return {
      Seed: JSON.stringify(seed),
      LeftOutCount,
      NextToken: index < scopes.length ? `${index}.${told}` : '',
    };
  },
});

/** The operator's first. */
const byName = (a: Account, b: Account): number =>
  Number(b.isOperator) - Number(a.isOperator) || compare(a.accountName, b.accountName);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Accounts and regions with images, in the order of the file. */
const scopesOf = async (tx: ReadTx, accounts: readonly Account[]): Promise<Scope[]> => {
  const order = new Map(accounts.map(({ accountId }, i) => [accountId, i]));
  return (await tx.accountRegions())
    .filter(({ imageCount, accountId }) => imageCount > 0 && order.has(accountId))
    .toSorted(
      (a, b) =>
        order.get(a.accountId)! - order.get(b.accountId)! || compare(a.regionId, b.regionId),
    );
};

/** Pages count from the newest; the oldest are the last of them. */
const oldestFirst = async (tx: ReadTx, scope: Scope, told: number, limit: number) => {
  const { total } = await tx.images(scope, {}, { limit: 0, offset: 0 });
  const count = Math.max(0, Math.min(limit, total - told));
  const { rows } = await tx.images(
    scope,
    {},
    { limit: count, offset: Math.max(0, total - told - count) },
  );
  return { total, rows: rows.toReversed() };
};

const pointOf = (token: string): Point | undefined => {
  const [, index, told] = /^(\d{1,7})\.(\d{1,7})$/.exec(token) ?? [];
  return index === undefined ? undefined : { index: Number(index), told: Number(told) };
};
