import { startVerification } from '../../domain/verification.ts';
import { boolean, integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

/** Without `RateMib`. */
const USUAL_RATE_MIB = 256;

export const StartVerification = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'StartVerification',
  kind: 'task',
  docs: {
    summary: 'Begins to read everything that is stored and to hash it again.',
    notes:
      'One runs at a time: while one does, its id is answered. It is taken up again after a restart. A copy is held to be damaged after two readings; then another store repairs it, or, if none has it whole, every image with these bytes becomes UnAvailable and its family names the one before. DescribeVerification tells how far it is. Bytes that the system holds in memory are read from there.',
  },
  input: object({
    RateMib: optional(
      integer({
        description: `MiB to read in a second at most; default ${USUAL_RATE_MIB}.`,
        minimum: 1,
        maximum: 10_000,
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({
    VerificationId: string(),
    IsNew: boolean({ description: 'False when one was going on already.' }),
  }),
  errors: { InvalidParameter: 400, NoPermission: 403 },
  cannotOccur: {},
  access: { action: 'kindred:StartVerification', operatorOnly: true, resource: () => '*' },
  example: { request: {}, response: { VerificationId: 'v-000d5l8ahc4ygqdpmxw3', IsNew: true } },
  async handler(ctx, { RateMib = USUAL_RATE_MIB }) {
    const id = ctx.newId('v-', '');
    const started = await startVerification(ctx.tx, id, ctx.caller.accountId, RateMib);
    return { VerificationId: started.verificationId, IsNew: started.isNew };
  },
});
