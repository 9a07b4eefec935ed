import type { AuditRecord } from '../../domain/audit.ts';
import { CHAIN_START, ChainCheck, type Link } from '../../lib/hash-chain.ts';
import { boolean, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const VerifyAuditTrail = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'VerifyAuditTrail',
  kind: 'read',
  docs: {
    summary:
      'Checks a part of the audit trail: every hash, every link, and what is kept beside them.',
    notes:
      'A call checks up to `MaxRecords` records and tells how far it came: go on with `AfterSequence` and `AfterHash` of its answer until `IsAtHead`. It tells what the server believes; whoever does not believe the server exports the lines and checks them elsewhere (`kindred audit verify --file`), against a head or a checkpoint that was kept elsewhere.',
  },
  input: object({
    AfterSequence: optional(
      integer({
        description: 'The record to go on after; default the beginning.',
        minimum: 0,
        invalid: 'InvalidParameter',
      }),
    ),
    AfterHash: optional(
      string({
        description: 'Its hash.',
        pattern: '^[0-9a-f]{64}$',
        invalid: 'InvalidParameter',
      }),
    ),
    MaxRecords: optional(
      integer({
        description: 'Records to check at most.',
        minimum: 1,
        maximum: 2_000,
        default: 2_000,
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({
    CheckedCount: integer(),
    LastSequence: integer({ description: 'The last record that was checked.' }),
    LastHash: string(),
    IsAtHead: boolean({ description: 'Nothing comes after it.' }),
    FaultCount: integer(),
    Faults: object({
      Fault: list(
        object({
          Kind: string({
            description: 'altered, removed, moved, replaced, unreadable, or columns.',
          }),
          Sequence: integer(),
          Message: string(),
        }),
      ),
    }),
  }),
  errors: { InvalidParameter: 400, NoPermission: 403 },
  cannotOccur: {},
  access: { action: 'kindred:VerifyAuditTrail', operatorOnly: true, resource: () => '*' },
  example: {
    request: {},
    response: {
      CheckedCount: 0,
      LastSequence: 0,
      LastHash: CHAIN_START.hash,
      IsAtHead: true,
      FaultCount: 0,
      Faults: { Fault: [] },
    },
  },
  async handler(ctx, { AfterSequence, AfterHash, MaxRecords = 2_000 }) {
    if ((AfterSequence === undefined) !== (AfterHash === undefined))
      throw ctx.fail('InvalidParameter', { parameter: 'AfterHash' });
    const start: Link =
      AfterSequence === undefined || AfterHash === undefined
        ? ((await ctx.tx.auditCut()) ?? CHAIN_START)
        : { sequence: AfterSequence, hash: AfterHash };
    const check = new ChainCheck({ sequence: start.sequence, hash: start.hash });
    const rows = await ctx.tx.auditRecordsAfter(start.sequence, MaxRecords);
    for (const row of rows) {
      check.take(row.record, row.hash);
      const column = strayColumn(row);
      if (column !== undefined)
        check.fault(
          'columns',
          row.sequence,
          `The column ${column} of record ${row.sequence} says something else than the record.`,
        );
    }
    return {
      CheckedCount: rows.length,
      LastSequence: rows.at(-1)?.sequence ?? start.sequence,
      LastHash: rows.at(-1)?.hash ?? start.hash,
      IsAtHead: rows.length < MaxRecords,
      FaultCount: check.faultCount,
      Faults: {
        Fault: check.faults.map(({ kind, sequence, message }) => ({
          Kind: kind,
          Sequence: sequence,
          Message: message,
        })),
      },
    };
  },
});

/** What records are found by must say what they say. */
const strayColumn = (row: AuditRecord): string | undefined => {
  let said: Said;
  try {
    said = JSON.parse(row.record) as Said;
  } catch {
    return undefined;
  }
  const named = Object.values(said.referencedResources ?? {}).flat();
  if (said.sequence !== row.sequence) return 'sequence';
  if (Date.parse(said.eventTime) !== Math.floor(row.timeMs / 1000) * 1000) return 'time_ms';
  if ((said.recipientAccountId ?? '') !== row.accountId) return 'account_id';
  if ((said.userIdentity.principalId ?? '') !== row.principal) return 'principal';
  if (said.eventName !== row.eventName) return 'event_name';
  if (said.requestId !== row.requestId) return 'request_id';
  return named.join('\n') === row.resources.join('\n') ? undefined : 'resources';
};

interface Said {
  sequence: number;
  eventTime: string;
  recipientAccountId?: string;
  userIdentity: { principalId?: string };
  eventName: string;
  requestId: string;
  referencedResources?: Record<string, string[]>;
}
