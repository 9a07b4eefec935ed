import { findAuditRecords, type AuditFilter, type AuditRecord } from '../../domain/audit.ts';
import { chainLine, withoutPlace } from '../../lib/hash-chain.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from '../ecs/shared/given.ts';
import { pageToken, queryHash, readPageToken } from '../ecs/shared/page-token.ts';
import { span, spanMs } from './shared/audit-time.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { whoseAccount } from './shared/whose-account.ts';

const exact = (description: string) =>
  optional(string({ description, maxLength: 256, invalid: 'InvalidParameter' }));

const recordSchema = object({
  EventTime: string({ description: 'UTC, whole seconds.' }),
  EventName: string({ description: 'The Action, or the name of an event of the installation.' }),
  RequestId: string(),
  Principal: string({ description: 'ARN of the caller; empty when nobody had proven who he is.' }),
  ErrorCode: string({ description: 'Empty when the call was done.' }),
  SourceIpAddress: string(),
  Resources: object({ Resource: list(string()) }),
  Sequence: optional(integer({ description: 'Place in the chain; told to the operator alone.' })),
  Record: string({
    description:
      "The whole record as JSON, in the field names of ActionTrail's events; for the operator the line of the export.",
  }),
});

export const DescribeAuditRecords = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeAuditRecords',
  kind: 'read',
  docs: {
    summary: 'Lists who changed what, and who was refused, newest first.',
    notes:
      'Every call that changed something has a record of its own, written in the same transaction. Refused calls and failed writes are gathered for a second: one record for each kind, with their count. An account sees its own records, the operator all, or those of one account. At most 5000 records are looked through in a call: a page may be short, or empty, and still have a `NextToken`; narrow the time to find things sooner.',
  },
  input: object({
    ...span,
    Principal: exact('Only of this caller, by ARN.'),
    EventName: exact('Only of this Action.'),
    Resource: exact('Only about this image, family, key or other resource, by id or name.'),
    EventRequestId: exact('Only the record of this call.'),
    AccountId: optional(
      string({
        description: 'Only of this account; the operator may name any.',
        maxLength: 32,
        invalid: 'EntityNotExist.Account',
      }),
    ),
    MaxResults: optional(
      integer({
        description: 'Records on a page.',
        minimum: 1,
        maximum: 500,
        default: 50,
        invalid: 'InvalidParameter',
      }),
    ),
    NextToken: optional(
      string({
        description: 'Where the page before ended.',
        maxLength: 1024,
        invalid: 'Invalid.NextToken',
      }),
    ),
  }),
  output: object({
    NextToken: string({ description: 'Empty on the last page.' }),
    Records: object({ Record: list(recordSchema) }),
  }),
  errors: {
    InvalidParameter: 400,
    'Invalid.NextToken': 403,
    NoPermission: 403,
    'EntityNotExist.Account': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:DescribeAuditRecords', resource: () => '*' },
  example: {
    request: { EventName: 'DeleteImage', MaxResults: '10' },
    response: {
      NextToken: '',
      Records: {
        Record: [
          {
            EventTime: '2026-11-24T08:00:00Z',
            EventName: 'DeleteImage',
            RequestId: '473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E',
            Principal: 'acs:ram::1000000000000001:root',
            ErrorCode: '',
            SourceIpAddress: '192.0.2.7',
            Resources: { Resource: ['m-bp146shijn7hujku9exp'] },
            Record: '{"eventId":"473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E","eventVersion":"1", …}',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const { caller } = ctx;
    const time = spanMs(input);
    if (time === 'malformed') throw ctx.fail('InvalidParameter', { parameter: 'StartTime' });
    const isOfOne = input.AccountId !== undefined || !caller.isOperator;
    const filter: AuditFilter = {
      ...time,
      ...(isOfOne && { accountId: await whoseAccount(ctx, input.AccountId) }),
      ...given({
        principal: input.Principal,
        eventName: input.EventName,
        resource: input.Resource,
        requestId: input.EventRequestId,
      }),
    };
    const query = queryHash('DescribeAuditRecords', caller.accountId, filter);
    const from =
      input.NextToken === undefined
        ? undefined
        : readPageToken(input.NextToken, query, ['number', 'number']);
    if (input.NextToken !== undefined && from === undefined) throw ctx.fail('Invalid.NextToken');
    const place = from && { timeMs: from[0], skip: from[1] };
    const { rows, next } = await findAuditRecords(ctx.tx, filter, place, input.MaxResults ?? 50);
    return {
      NextToken: next === undefined ? '' : pageToken(query, [next.timeMs, next.skip]),
      Records: { Record: rows.map((row) => view(row, caller.isOperator)) },
    };
  },
});

const view = (row: AuditRecord, isOperator: boolean) => {
  const { errorCode = '', sourceIpAddress = '' } = JSON.parse(row.record) as Readonly<
    Record<'errorCode' | 'sourceIpAddress', string | undefined>
  >;
  return {
    EventTime: formatSeconds(row.timeMs),
    EventName: row.eventName,
    RequestId: row.requestId,
    Principal: row.principal,
    ErrorCode: errorCode,
    SourceIpAddress: sourceIpAddress,
    Resources: { Resource: [...row.resources] },
    // How many records others have is not for everybody to know.
    ...(isOperator && { Sequence: row.sequence }),
    Record: isOperator ? chainLine(row.record, row.hash) : withoutPlace(row.record),
  };
};
