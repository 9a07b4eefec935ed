import type { AccountId } from '../../domain/ids.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from '../ecs/shared/given.ts';
import { pageNumber, pageSize } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountId, whoseAccount } from './shared/whose-account.ts';

const day = (description: string) =>
  optional(string({ description, pattern: '^\\d{4}-\\d\\d-\\d\\d$', invalid: 'InvalidParameter' }));

export const DescribeImageUses = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeImageUses',
  kind: 'read',
  docs: {
    summary: 'Counts by day how often an account’s images were resolved and read, and by whom.',
    notes:
      'A resolution is an answer of DescribeImageFromFamily. Of other accounts only the account is told (`acs:ram::<uid>:*`); a read token is `token/<id>`, a reader without one `anonymous`, an address that a signed call gave out `signed-address`; `*` stands for whoever came when too many were counted at once. Counts are written every five seconds: the newest are not in yet, and a crash loses those seconds. They are kept as long as the audit trail.',
  },
  input: object({
    StartDay: day('From this day on (UTC), `2026-11-24`.'),
    EndDay: day('Up to this day.'),
    ImageId: optional(
      string({
        description: 'Only of this image.',
        maxLength: 128,
        invalid: 'InvalidParameter',
      }),
    ),
    Principal: optional(
      string({ description: 'Only by this one.', maxLength: 256, invalid: 'InvalidParameter' }),
    ),
    AccountId: accountId,
    PageNumber: pageNumber,
    PageSize: pageSize,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Uses: object({
      Use: list(
        object({
          Day: string(),
          ImageId: string(),
          Principal: string(),
          Resolutions: integer(),
          Downloads: integer({ description: 'Requests that got bytes.' }),
          Bytes: integer({ description: 'That were sent to them.' }),
        }),
      ),
    }),
  }),
  errors: { InvalidParameter: 400, NoPermission: 403, 'EntityNotExist.Account': 404 },
  cannotOccur: {},
  access: {
    action: 'kindred:DescribeImageUses',
    resource: ({ ImageId }) => `image/${ImageId ?? '*'}`,
  },
  example: {
    request: { StartDay: '2026-11-01', ImageId: 'm-bp146shijn7hujku9exp' },
    response: {
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 1,
      Uses: {
        Use: [
          {
            Day: '2026-11-24',
            ImageId: 'm-bp146shijn7hujku9exp',
            Principal: 'acs:ram::1000000000000001:user/ci',
            Resolutions: 1_440,
            Downloads: 3,
            Bytes: 1_376_256,
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10 } = input;
    const whose: AccountId = await whoseAccount(ctx, input.AccountId);
    const { total, rows } = await ctx.tx.imageUses(
      {
        accountId: whose,
        fromDay: input.StartDay ?? '',
        toDay: input.EndDay ?? '9999-12-31',
        ...given({ imageId: input.ImageId, principal: input.Principal }),
      },
      { limit: PageSize, offset: (PageNumber - 1) * PageSize },
    );
    return {
      PageNumber,
      PageSize,
      TotalCount: total,
      Uses: {
        Use: rows.map((use) => ({
          Day: use.day,
          ImageId: use.imageId,
          Principal: use.principal,
          Resolutions: use.resolutions,
          Downloads: use.downloads,
          Bytes: use.bytes,
        })),
      },
    };
  },
});
