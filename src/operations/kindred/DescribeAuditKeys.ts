import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const DescribeAuditKeys = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeAuditKeys',
  kind: 'read',
  docs: {
    summary: 'Shows the public keys that sign checkpoints of the audit trail.',
    notes:
      'One Ed25519 key for each incarnation: a restored installation signs with a new one. Note them down elsewhere; the private halves are sealed in the database.',
  },
  input: object({}),
  output: object({
    Keys: object({
      Key: list(
        object({
          Incarnation: integer(),
          PublicKey: string({ description: 'SPKI (DER) in base64.' }),
          CreationTime: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
  }),
  errors: { NoPermission: 403 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeAuditKeys', operatorOnly: true, resource: () => '*' },
  example: {
    request: {},
    response: {
      Keys: {
        Key: [
          {
            Incarnation: 1,
            PublicKey: 'MCowBQYDK2VwAyEAwOGT7vSdMivlLgaYT3v65BaW+mIi9JJR/ejsfEIECqs=',
            CreationTime: '2026-11-24T08:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx) {
    const keys = await ctx.tx.auditKeys();
    return {
      Keys: {
        Key: keys.map(({ incarnation, publicKey, creationMs }) => ({
          Incarnation: incarnation,
          PublicKey: publicKey,
          CreationTime: formatSeconds(creationMs),
        })),
      },
    };
  },
});
