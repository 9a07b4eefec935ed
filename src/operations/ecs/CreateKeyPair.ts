import { acceptKeyPair, keyPairOf } from '../../domain/key-pair.ts';
import { countOf } from '../../domain/network.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { readSshKey } from '../../lib/ssh-key.ts';
import { defineOperation } from '../../operation.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { newKeyPairName } from './shared/key-pair-parameters.ts';

import { ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';

export const CreateKeyPair = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateKeyPair',
  kind: 'write',
  docs: {
    summary: 'Makes an RSA key pair of 2048 bits and hands its private half over, once.',
    notes:
      'The private half stands in this answer (PEM, PKCS#1) and nowhere else: it is neither stored nor logged. No machine is given the public half, for none is started.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    KeyPairName: newKeyPairName,
    ResourceGroupId: resourceGroupId,
    Tag: tagList('InvalidTagCount'),
    ...owners,
  }),
  output: object({
    KeyPairId: string(),
    KeyPairName: string(),
    KeyPairFingerPrint: string({ description: 'MD5 of the public key, by RFC 4716.' }),
    PrivateKeyBody: string({ description: 'The private key, in PEM.' }),
  }),
  errors: {
    MissingParameter: 400,
    'InvalidKeyPairName.Malformed': 400,
    'KeyPair.AlreadyExist': 400,
    InvalidTagCount: 400,
    'InvalidTagKey.Malformed': 400,
    'InvalidTagValue.Malformed': 400,
    'Duplicate.TagKey': 400,
    'QuotaExceed.KeyPair': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:CreateKeyPair', resource: () => 'keypair/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', KeyPairName: 'builder' },
    response: {
      KeyPairId: 'ssh-bp1ejhb4r1lyu55t0abc',
      KeyPairName: 'builder',
      KeyPairFingerPrint: '89:f0:ba:62:ac:b8:aa:e1:61:5e:fd:81:69:86:6d:6b',
      PrivateKeyBody: '(twenty-seven lines of PEM)',
    },
  },
  recordsOnly: true,
  prepare: (ctx) => ctx.installation.newSshKeyPair(),
  async handler(ctx, { RegionId, KeyPairName, ResourceGroupId, Tag }, { privateKey, publicKey }) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const tags = requireCreationTags(ctx, Tag);
    const group = await requireResourceGroup(ctx, ResourceGroupId);
    if ((await keyPairOf(tx, scope, KeyPairName, nowMs)) !== undefined)
      throw ctx.fail('KeyPair.AlreadyExist');
    if ((await countOf(tx, scope, 'keypair', nowMs)) >= ctx.settings.quotas.networkRecords)
      throw ctx.fail('QuotaExceed.KeyPair');
    const { fingerprint } = readSshKey(publicKey)!;
    const KeyPairId = ctx.newId('ssh-', RegionId);
    await acceptKeyPair(
      tx,
      scope,
      {
        keyPairId: KeyPairId,
        keyPairName: KeyPairName,
        resourceGroupId: group,
        publicKey,
        fingerprint,
      },
      tags,
    );
    return {
      KeyPairId,
      KeyPairName,
      KeyPairFingerPrint: fingerprint,
      PrivateKeyBody: privateKey,
    };
  },
});
