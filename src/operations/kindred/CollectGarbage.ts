import { GARBAGE_KINDS, type CollectedGarbage, type WalkPoint } from '../../domain/garbage.ts';
import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

/** Without `MaxResults`. */
const USUAL_RESULTS = 200;

export const CollectGarbage = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CollectGarbage',
  kind: 'write',
  docs: {
    summary: 'Removes stored bytes that nothing owns any more, or tells what would be removed.',
    notes:
      'It removes what the sweep of the server removes by itself every ten minutes, and nothing else: what a snapshot, a job or a running backup needs stays, and so does what is younger than a day and has no row. `Mode=plan` answers the same list and changes nothing. A call ends after `MaxResults` finds, 10,000 looks or five seconds, whichever comes first, and then answers a `NextToken` with which the next call goes on; it waits for a removal that is going on already. A size is what is, or would be, freed in all stores; S3 does not tell the size of an unfinished put.',
  },
  input: object({
    Mode: optional(
      choice(['delete', 'plan'], {
        description: '`delete` (default), or `plan`: answer what would go and change nothing.',
        invalid: 'InvalidParameter',
      }),
    ),
    MaxResults: optional(
      integer({
        description: `The call ends after so many finds; default ${USUAL_RESULTS}.`,
        minimum: 1,
        maximum: 1000,
        invalid: 'InvalidParameter',
      }),
    ),
    NextToken: optional(
      string({
        description: 'Of the call before; absent: from the first.',
        maxLength: 2048,
        invalid: 'Invalid.NextToken',
      }),
    ),
  }),
  output: object({
    Kinds: object({
      Kind: list(
        object({
          Kind: string({ description: GARBAGE_KINDS.map((kind) => `\`${kind}\``).join(', ') }),
          Count: integer(),
          SizeBytes: integer(),
        }),
        { description: 'Sums of this call; a kind of which nothing was found is not there.' },
      ),
    }),
    Garbage: object({
      Garbage: list(
        object({
          Kind: string(),
          Name: string({ description: 'Digest, file name or id.' }),
          Place: string({ description: 'The store, or stores, or the bucket.' }),
          SizeBytes: integer(),
        }),
      ),
    }),
    NextToken: string({ description: 'Empty when everything was looked at.' }),
  }),
  errors: { NoPermission: 403, InvalidParameter: 400, 'Invalid.NextToken': 400 },
  cannotOccur: {},
  access: { action: 'kindred:CollectGarbage', operatorOnly: true, resource: () => '*' },
  example: {
    request: { Mode: 'plan' },
    response: { Kinds: { Kind: [] }, Garbage: { Garbage: [] }, NextToken: '' },
  },
  // Removing takes transactions of its own, one for each thing: none is open here.
  async prepare(ctx, { Mode, MaxResults, NextToken }): Promise<CollectedGarbage> {
    const refusal = () => ctx.fail('Invalid.NextToken');
    const from = NextToken === undefined ? undefined : pointOf(NextToken);
    if (NextToken !== undefined && from === undefined) throw refusal();
    const collected = await ctx.installation.collectGarbage({
      isPlan: Mode === 'plan',
      maxFound: MaxResults ?? USUAL_RESULTS,
      ...(from && { from }),
    });
    if (collected === undefined) throw refusal();
    return collected;
  },
  handler(_ctx, _input, { garbage, next }) {
    const kinds = GARBAGE_KINDS.map((kind) => {
      const found = garbage.filter((one) => one.kind === kind);
      const SizeBytes = found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return { Kind: kind, Count: found.length, SizeBytes };
    });
    return Promise.resolve({
      Kinds: { Kind: kinds.filter(({ Count }) => Count > 0) },
      Garbage: {
        Garbage: garbage.map(({ kind, name, place, sizeBytes }) => ({
          Kind: kind,
          Name: name,
          Place: place,
          SizeBytes: sizeBytes,
        })),
      },
      NextToken: next === undefined ? '' : tokenOf(next),
    });
  },
});

const tokenOf = ({ source, after }: WalkPoint): string =>
  Buffer.from(`${source}\n${after}`).toString('base64url');

const pointOf = (token: string): WalkPoint | undefined => {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const [, source, after] = /^([^\n]+)\n([^\n]+)$/.exec(text) ?? [];
  return source === undefined || after === undefined ? undefined : { source, after };
};
