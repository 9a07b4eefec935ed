import { everyResource } from '../../domain/every-resource.ts';
import type { KeyPair, KeyPairDetail } from '../../domain/key-pair.ts';
import type { RegionId } from '../../domain/ids.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { boolean, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { filterId, networkPageSize, tagsView, viewTags } from './shared/network-parameters.ts';
import { ECS_VERSION, owners, pageNumber, regionId, tagList } from './shared/parameters.ts';
import { requireTagFilters } from './shared/tag-filters.ts';
import { groupAskedFor } from './shared/resource-group.ts';

export const DescribeKeyPairs = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeKeyPairs',
  kind: 'read',
  docs: {
    summary: 'Lists the key pairs of the caller in a region, newest first.',
    notes: 'Filters combine with AND; a name that is not there matches nothing.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    KeyPairName: filterId('The name, with `*` for any run of characters.'),
    KeyPairFingerPrint: filterId('The exact fingerprint.'),
    IncludePublicKey: optional(boolean({ description: 'Answer the public keys too.' })),
    ResourceGroupId: filterId('Key pairs of the resource group.'),
    Tag: tagList('InvalidTagCount'),
    PageNumber: pageNumber,
    PageSize: networkPageSize,
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    KeyPairs: object({
      KeyPair: list(
        object({
          KeyPairName: string(),
          KeyPairFingerPrint: string(),
          PublicKey: string({ description: 'Empty unless IncludePublicKey.' }),
          CreationTime: string({ description: 'UTC, whole seconds.' }),
          ResourceGroupId: string(),
          Tags: tagsView,
        }),
      ),
    }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    InvalidTagCount: 400,
    'InvalidTag.Mismatch': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeKeyPairs', resource: () => 'keypair/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', KeyPairName: 'build*' },
    response: { PageNumber: 1, PageSize: 10, TotalCount: 0, KeyPairs: { KeyPair: [] } },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10, KeyPairFingerPrint, KeyPairName: name } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const filter = {
      resourceType: 'keypair',
      tags: requireTagFilters(ctx, input.Tag),
      ...given({
        resourceName: name?.includes('*') ? undefined : name,
        resourceNamePattern: name?.includes('*') ? name : undefined,
        resourceGroupId: groupAskedFor(ctx, input).ResourceGroupId,
      }),
    } as const;
    // The fingerprint has no column: few key pairs (a quota) are read whole and cut here.
    const all = await everyResource<KeyPairDetail>(ctx.tx, scope, filter, ctx.nowMs);
    const found = all.filter(
      ({ detail }) => (KeyPairFingerPrint ?? detail.fingerprint) === detail.fingerprint,
    );
    const begin = (PageNumber - 1) * PageSize;
    const rows = found.slice(begin, begin + PageSize);
    return {
      PageNumber,
      PageSize,
      TotalCount: found.length,
      KeyPairs: { KeyPair: rows.map((row) => viewKeyPair(row, input.IncludePublicKey === true)) },
    };
  },
});

const viewKeyPair = (keyPair: KeyPair, withKey: boolean) => ({
  KeyPairName: keyPair.resourceName,
  KeyPairFingerPrint: keyPair.detail.fingerprint,
  PublicKey: withKey ? keyPair.detail.publicKey : '',
  CreationTime: formatSeconds(keyPair.creationMs),
  ResourceGroupId: keyPair.resourceGroupId,
  Tags: viewTags(keyPair.tags),
});
