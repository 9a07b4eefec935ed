import { CHAIN_START, chainLine } from '../../lib/hash-chain.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { span, spanMs } from './shared/audit-time.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const ExportAuditRecords = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'ExportAuditRecords',
  kind: 'read',
  docs: {
    summary: 'Gives the audit trail out in order, as lines that anybody can verify.',
    notes:
      'A line is a JSON object in the field names of ActionTrail\'s events. It begins with `sequence` and `previousHash` and ends with `hash`, the SHA-256 of the line without that last member (`,"hash":"…"`). The lines from `StartTime` to `EndTime` are those between the first record of that time and the first of the later one, without a gap. `NextSequence` is the `AfterSequence` of the next call.',
  },
  input: object({
    AfterSequence: optional(
      integer({
        description: 'Only what comes after this record.',
        minimum: 0,
        invalid: 'InvalidParameter',
      }),
    ),
    ...span,
    MaxResults: optional(
      integer({
        description: 'Lines of one answer.',
        minimum: 1,
        maximum: 1_000,
        default: 500,
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({
    NextSequence: integer({ description: '0 when nothing is left.' }),
    StartSequence: integer({
      description:
        'The record that the first one here follows: 0, or the last that retention took.',
    }),
    StartHash: string({ description: 'Its hash.' }),
    Lines: object({ Line: list(string()) }),
  }),
  errors: { InvalidParameter: 400, NoPermission: 403 },
  cannotOccur: {},
  access: { action: 'kindred:ExportAuditRecords', operatorOnly: true, resource: () => '*' },
  example: {
    request: { AfterSequence: '1000', MaxResults: '500' },
    response: {
      NextSequence: 0,
      StartSequence: 0,
      StartHash: CHAIN_START.hash,
      Lines: { Line: [] },
    },
  },
  async handler(ctx, input) {
    const { tx } = ctx;
    const time = spanMs(input);
    if (time === 'malformed') throw ctx.fail('InvalidParameter', { parameter: 'StartTime' });
    const { AfterSequence = 0, MaxResults = 500 } = input;
    const start = (await tx.auditCut()) ?? CHAIN_START;
    const first = time.fromMs === undefined ? 1 : await tx.auditSequenceAt(time.fromMs);
    const end = time.toMs === undefined ? undefined : await tx.auditSequenceAt(time.toMs + 1);
    const rows =
      first === undefined
        ? []
        : await tx.auditRecordsAfter(Math.max(AfterSequence, first - 1), MaxResults);
    const fitting = rows.filter(({ sequence }) => end === undefined || sequence < end);
    const isWhole = rows.length < MaxResults || fitting.length < rows.length;
    return {
      NextSequence: isWhole ? 0 : fitting.at(-1)!.sequence,
      StartSequence: start.sequence,
      StartHash: start.hash,
      Lines: { Line: fitting.map(({ record, hash }) => chainLine(record, hash)) },
    };
  },
});
