import { formatSeconds } from '../../lib/clock.ts';
import { boolean, integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { pageNumber, pageSize } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const DescribeAccounts = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeAccounts',
  kind: 'read',
  docs: { summary: 'Lists the accounts of the installation, oldest first.' },
  input: object({ PageNumber: pageNumber, PageSize: pageSize }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Accounts: object({
      Account: list(
        object({
          AccountId: string({ description: 'The 16-digit UID.' }),
          AccountName: string(),
          AccountAlias: string({ description: 'Stands for the id in addresses; may be empty.' }),
          IsOperator: boolean({ description: 'Whether it may call operations like this one.' }),
          CreationTime: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
  }),
  errors: { InvalidParameter: 400, NoPermission: 403 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeAccounts', operatorOnly: true, resource: () => 'account/*' },
  example: {
    request: { PageSize: '50' },
    response: {
      PageNumber: 1,
      PageSize: 50,
      TotalCount: 1,
      Accounts: {
        Account: [
          {
            AccountId: '1234567890123456',
            AccountName: 'build-team',
            AccountAlias: 'build-team',
            IsOperator: false,
            CreationTime: '2026-11-24T08:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, { PageNumber = 1, PageSize = 10 }) {
    const { rows, total } = await ctx.tx.accounts({
      limit: PageSize,
      offset: (PageNumber - 1) * PageSize,
    });
    return {
      PageNumber,
      PageSize,
      TotalCount: total,
      Accounts: {
        Account: rows.map((account) => ({
          AccountId: account.accountId,
          AccountName: account.accountName,
          AccountAlias: account.accountAlias ?? '',
          IsOperator: account.isOperator,
          CreationTime: formatSeconds(account.creationMs),
        })),
      },
    };
  },
});
