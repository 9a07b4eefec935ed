import { attachedKeyPairs, keyPairOf } from '../../domain/key-pair.ts';
import { removeResource } from '../../domain/resource-lifecycle.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { parseIds } from './shared/ids-of-text.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

const MAX_NAMES = 100;

export const DeleteKeyPairs = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteKeyPairs',
  kind: 'write',
  docs: {
    summary: 'Deletes up to 100 key pairs that no instance has.',
    notes: 'All or nothing; a name that is not there is an error.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    KeyPairNames: string({
      description: 'A JSON array of 1 to 100 names.',
      missing: 'MissingParameter',
      maxLength: 32_768,
      invalid: 'InvalidParameter',
    }),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidParameter.KeypairAlreadyAttachedInstance': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidKeyPair.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DeleteKeyPairs', resource: () => 'keypair/*' },
  example: { request: { RegionId: 'cn-hangzhou', KeyPairNames: '["builder"]' }, response: {} },
  recordsOnly: true,
  async handler(ctx, { RegionId, KeyPairNames }) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const names = parseIds(KeyPairNames, MAX_NAMES);
    if (names === null || names.length === 0)
      throw ctx.fail('InvalidParameter', { parameter: 'KeyPairNames' });
    const attached = await attachedKeyPairs(tx, scope, nowMs);
    for (const name of new Set(names)) {
      const keyPair = await keyPairOf(tx, scope, name, nowMs);
      if (keyPair === undefined) throw ctx.fail('InvalidKeyPair.NotFound');
      if (attached.has(name)) throw ctx.fail('InvalidParameter.KeypairAlreadyAttachedInstance');
      await removeResource(tx, keyPair);
    }
    return {};
  },
});
