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

export const ImportKeyPair = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ImportKeyPair',
  kind: 'write',
  docs: {
    summary: 'Takes in the public half of a key pair.',
    notes:
      'Types `ssh-rsa`, `ssh-dss` and `ecdsa-sha2-nistp…`, as with the vendor. A comment behind the key is not kept. No machine is given the key, for none is started.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    KeyPairName: newKeyPairName,
    PublicKeyBody: string({
      description: 'One line: `ssh-rsa AAAA…`.',
      missing: 'MissingParameter',
      maxLength: 16_384,
      invalid: 'InvalidPublicKeyBody.Malformed',
    }),
    ResourceGroupId: resourceGroupId,
    Tag: tagList('InvalidTagCount'),
    ...owners,
  }),
  output: object({
    KeyPairName: string(),
    KeyPairFingerPrint: string({ description: 'MD5 of the public key, by RFC 4716.' }),
  }),
  errors: {
    MissingParameter: 400,
    'InvalidKeyPairName.Malformed': 400,
    'InvalidPublicKeyBody.Malformed': 400,
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
  access: { action: 'ecs:ImportKeyPair', resource: () => 'keypair/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', KeyPairName: 'mine', PublicKeyBody: 'ssh-rsa AAAAB3Nza…' },
    response: {
      KeyPairName: 'mine',
      KeyPairFingerPrint: '89:f0:ba:62:ac:b8:aa:e1:61:5e:fd:81:69:86:6d:6b',
    },
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, KeyPairName, ResourceGroupId, Tag, PublicKeyBody }) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const tags = requireCreationTags(ctx, Tag);
    const group = await requireResourceGroup(ctx, ResourceGroupId);
    const key = readSshKey(PublicKeyBody);
    if (key === undefined) throw ctx.fail('InvalidPublicKeyBody.Malformed');
    if ((await keyPairOf(tx, scope, KeyPairName, nowMs)) !== undefined)
      throw ctx.fail('KeyPair.AlreadyExist');
    if ((await countOf(tx, scope, 'keypair', nowMs)) >= ctx.settings.quotas.networkRecords)
      throw ctx.fail('QuotaExceed.KeyPair');
    const draft = {
      keyPairId: ctx.newId('ssh-', RegionId),
      keyPairName: KeyPairName,
      resourceGroupId: group,
      ...key,
    };
    await acceptKeyPair(tx, scope, draft, tags);
    return { KeyPairName, KeyPairFingerPrint: key.fingerprint };
  },
});
