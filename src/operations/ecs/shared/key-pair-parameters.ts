// Parameters and answers of the operations on key pairs, and what attaching and detaching share.
import { keyPairOf, setKeyPair, type KeyPairOutcome } from '../../../domain/key-pair.ts';
import type { RegionId } from '../../../domain/ids.ts';
import { list, object, string, type Static } from '../../../lib/schema.ts';
import type { WriteContext } from '../../../operation.ts';
import { parseIds } from './ids-of-text.ts';
import { owners, regionId } from './parameters.ts';

/** As for an image: a letter first, then letters, digits, `.` `_` `-` `:`. */
const NAME = '^\\p{L}[\\p{L}\\p{Nd}._:-]{1,127}$';

export const newKeyPairName = string({
  description: '2 to 128 characters: a letter, then letters, digits, `.` `_` `-` `:`. Unique.',
  missing: 'MissingParameter',
  pattern: NAME,
  maxLength: 128,
  invalid: 'InvalidKeyPairName.Malformed',
});

/** Instances that one call takes. */
const MAX_INSTANCES = 50;

const instanceIds = string({
  description: 'A JSON array of 1 to 50 ids: ["i-…"].',
  missing: 'MissingParameter',
  maxLength: 8192,
  invalid: 'InvalidParameter',
});

export const attachmentInput = object({
  RegionId: regionId('MissingParameter'),
  KeyPairName: string({
    description: 'The key pair.',
    missing: 'MissingParameter',
    maxLength: 128,
    invalid: 'InvalidKeyPairName.NotFound',
  }),
  InstanceIds: instanceIds,
  ...owners,
});

export const attachmentOutput = object({
  KeyPairName: string(),
  TotalCount: string({ description: 'A number, as text.' }),
  FailCount: string({ description: 'A number, as text.' }),
  Results: object({
    Result: list(
      object({
        InstanceId: string(),
        Success: string({ description: 'true or false, as text.' }),
        Code: string({ description: '200, or the code of the failure.' }),
        Message: string(),
      }),
    ),
  }),
});

export const attachmentErrors = {
  MissingParameter: 400,
  InvalidParameter: 400,
  'InvalidRegionId.NotFound': 404,
  'InvalidKeyPairName.NotFound': 404,
} as const;

const OUTCOMES: Readonly<
  Record<KeyPairOutcome, { Success: string; Code: string; Message: string }>
> = {
  done: { Success: 'true', Code: '200', Message: 'successful' },
  'no-instance': {
    Success: 'false',
    Code: 'InvalidInstanceId.NotFound',
    Message: 'The specified InstanceId does not exist.',
  },
  'not-attached': {
    Success: 'false',
    Code: 'InvalidKeyPair.NotAttached',
    Message: 'The instance does not have the key pair.',
  },
};

/** Attaches or detaches for each instance by itself: one that fails keeps none of the others. */
export const changeAttachments = async (
  ctx: WriteContext<keyof typeof attachmentErrors>,
  { RegionId, KeyPairName, InstanceIds }: Static<typeof attachmentInput>,
  kind: 'attach' | 'detach',
): Promise<Static<typeof attachmentOutput>> => {
  const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
  const ids = parseIds(InstanceIds, MAX_INSTANCES);
  if (ids === null || ids.length === 0)
    throw ctx.fail('InvalidParameter', { parameter: 'InstanceIds' });
  const keyPair = await keyPairOf(ctx.tx, scope, KeyPairName, ctx.nowMs);
  if (keyPair === undefined) throw ctx.fail('InvalidKeyPairName.NotFound');
  const change = kind === 'attach' ? { attach: KeyPairName } : { detach: KeyPairName };
  const Result = [];
  for (const InstanceId of new Set(ids)) {
    const outcome = await setKeyPair(ctx.tx, scope, InstanceId, change);
    Result.push({ InstanceId, ...OUTCOMES[outcome] });
  }
  return {
    KeyPairName,
    TotalCount: String(Result.length),
    FailCount: String(Result.filter(({ Success }) => Success === 'false').length),
    Results: { Result },
  };
};
