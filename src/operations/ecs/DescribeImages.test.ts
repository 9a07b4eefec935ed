// DescribeImages: each refusal, and each filter by what it leaves out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeImages } from './DescribeImages.ts';

type Values = Readonly<Record<string, string>>;

const many = (name: (i: number) => string, count: number): Values =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i + 1), `v${i}`]));

testOperation(DescribeImages, {
  MissingRegionId: (t) => t.call({}),
  MissingParameter: (t) => t.call({ RegionId: REGION, Usable: 'true' }),
  DryRunOperation: (t) => t.call({ RegionId: REGION, DryRun: 'true' }),
  InvalidParamter: (t) => t.call({ RegionId: REGION, Status: 'Available,Ready' }),
  'InvalidFilterValue.NetworkType': (t) =>
    t.call({ RegionId: REGION, 'Filter.1.Key': 'NetworkType', 'Filter.1.Value': 'flat' }),
  'InvalidImageOwnerAlias.PublicImageUnsupported': (t) =>
    t.call({ RegionId: REGION, IsPublic: 'true', ImageOwnerAlias: 'self' }),
  'InvalidImageOwnerAlias.ValueNotSupported': (t) =>
    t.call({ RegionId: REGION, ImageOwnerAlias: 'friends' }),
  'InvalidInstanceType.ValueNotSupported': (t) =>
    t.call({ RegionId: REGION, InstanceType: 'large' }),
  'InvalidOperation.ImageOwnerIdUnsupported': (t) =>
    t.call({ RegionId: REGION, ImageOwnerAlias: 'self', ImageOwnerId: '1234567890123456' }),
  'InvalidTag.Mismatch': (t) => t.call({ RegionId: REGION, 'Tag.1.Value': 'test' }),
  InvalidTagCount: (t) => t.call({ RegionId: REGION, ...many((i) => `Tag.${i}.Key`, 21) }),
  InvalidArchitecture: (t) => t.call({ RegionId: REGION, Architecture: 'riscv64' }),
  'InvalidFilterKey.NotFound': (t) =>
    t.call({ RegionId: REGION, 'Filter.1.Key': 'Colour', 'Filter.1.Value': 'blue' }),
  InvalidFilterValue: (t) =>
    t.call({
      RegionId: REGION,
      'Filter.1.Key': 'CreationStartTime',
      'Filter.1.Value': '2026-02-30T00:00Z',
    }),
  InvalidOSType: (t) => t.call({ RegionId: REGION, OSType: 'macos' }),
  InvalidUsage: (t) => t.call({ RegionId: REGION, Usage: 'disk' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
});

const list = (k: Harness, values: Values = {}) =>
  k.call('DescribeImages', { RegionId: REGION, ...values });
const idsOf = async (k: Harness, values: Values): Promise<string[]> =>
  (await list(k, values)).Images.Image.map((image: { ImageId: string }) => image.ImageId);

test('nothing found is an empty list in its wrapper', async (t) => {
  const k = await kindred(t);
  const { RequestId, ...answer } = await list(k, { ImageId: 'm-bp146shijn7hujku9exp' });
  assert.match(RequestId, /^[0-9A-F-]{36}$/);
  assert.deepEqual(answer, {
    RegionId: REGION,
    TotalCount: 0,
    PageNumber: 1,
    PageSize: 10,
    NextToken: '',
    Images: { Image: [] },
  });
});

test('states: only Available by default, a list, ALL, and Usable', async (t) => {
  const k = await kindred(t);
  const { imageId: available } = await k.image();
  const { imageId: deprecated } = await k.image();
  const change = { RegionId: REGION, ImageId: deprecated, Status: 'Deprecated' };
  await k.call('ModifyImageAttribute', change);
  const { imageId: creating } = await k.startImport();
  const all = `${available},${deprecated}, ${creating}`;
  const asked = (values: Values) => idsOf(k, { ImageId: all, ...values });
  assert.deepEqual(await asked({}), [available]);
  assert.deepEqual(await asked({ Status: 'ALL' }), [creating, deprecated, available]);
  assert.deepEqual(await asked({ Status: 'Creating,Waiting' }), [creating]);
  assert.deepEqual(await asked({ Status: 'ALL', Usable: 'True' }), [deprecated, available]);
  assert.deepEqual(await asked({ Status: 'ALL', Usable: 'false' }), [creating]);
  assert.deepEqual(await asked({ Status: 'Available', Usable: 'false' }), []);
  const mixed = await k.refused('DescribeImages', { RegionId: REGION, Status: 'ALL,Available' });
  assert.equal(mixed.code, 'InvalidParamter');
  const [image] = (await list(k, { ImageId: creating, Status: 'ALL' })).Images.Image;
  assert.equal(image.Usable, false);
  assert.equal(image.Progress, '0%');
  assert.equal(image.DiskDeviceMappings.DiskDeviceMapping[0].Progress, '0%');
});

test('a name is exact unless it has a star', async (t) => {
  const k = await kindred(t);
  const { imageId: one } = await k.image({ ImageName: 'web-1' });
  const { imageId: ten } = await k.image({ ImageName: 'web-10' });
  const named = (ImageName: string) => idsOf(k, { ImageName });
  assert.deepEqual(await named('web-1'), [one]);
  assert.deepEqual(await named('web-1*'), [ten, one]);
  assert.deepEqual(await named('*-10'), [ten]);
  assert.deepEqual(await named('w*0'), [ten]);
  assert.deepEqual(await named('WEB-1'), []);
  assert.deepEqual(await named('web-?'), []);
  assert.deepEqual(await named('web-[0-9]*'), []);
});

test('filters combine with AND', async (t) => {
  const k = await kindred(t);
  const group = await k.call('CreateResourceGroup', { Name: 'golden', DisplayName: 'Golden' });
  const ResourceGroupId = group.ResourceGroup.Id;
  const { imageId: old, snapshotId } = await k.image({
    ImageFamily: 'web',
    Architecture: 'arm64',
    ResourceGroupId,
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'test',
    'Tag.2.Key': 'team',
    'Tag.2.Value': 'a',
  });
  k.clock.advance(3_600_000);
  const { imageId: young } = await k.image({
    ImageFamily: 'web',
    Platform: 'Windows Server 2022',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'prod',
  });
  const cases: [Values, string[]][] = [
    [{ ImageFamily: 'web' }, [young, old]],
    [{ ImageFamily: 'acs:web' }, []],
    [{ ImageFamily: 'web', Architecture: 'arm64' }, [old]],
    [{ ImageFamily: 'web', OSType: 'windows' }, [young]],
    [{ ImageFamily: 'web', IsSupportCloudinit: 'false' }, [young]],
    [{ ImageFamily: 'web', IsSupportIoOptimized: 'false' }, []],
    [{ ImageFamily: 'web', ResourceGroupId }, [old]],
    [{ ImageFamily: 'web', SnapshotId: snapshotId }, [young, old]],
    [{ SnapshotId: 's-bp1unknown' }, []],
    [{ 'Tag.1.Key': 'env' }, [young, old]],
    [{ 'Tag.1.Key': 'env', 'Tag.1.Value': 'test' }, [old]],
    [{ 'Tag.1.Key': 'env', 'Tag.2.Key': 'team', 'Tag.2.Value': 'b' }, []],
    [{ ImageFamily: 'web', Usage: 'none' }, [young, old]],
    [{ ImageFamily: 'web', Usage: 'instance' }, []],
    [{ ImageFamily: 'web', ImageOwnerAlias: 'self', IsPublic: 'false' }, [young, old]],
    [{ ImageFamily: 'web', ImageOwnerAlias: 'system' }, []],
    [{ ImageFamily: 'web', ImageOwnerAlias: 'others', ImageOwnerId: '1', IsPublic: 'true' }, []],
    [{ ImageFamily: 'web', InstanceType: 'ecs.g6.large', ActionType: 'CreateEcs' }, [young, old]],
  ];
  for (const [values, expected] of cases)
    assert.deepEqual(await idsOf(k, values), expected, JSON.stringify(values));
});

test('Filter.N: times are inclusive to the second, unknown features are not there', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageFamily: 'web' });
  const filtered = (...filters: [string, string][]) =>
    idsOf(k, {
      ImageFamily: 'web',
      ...Object.fromEntries(
        filters.flatMap(([Key, Value], i) => [
          [`Filter.${i + 1}.Key`, Key],
          [`Filter.${i + 1}.Value`, Value],
        ]),
      ),
    });
  assert.deepEqual(await filtered(['CreationStartTime', '2026-11-24T12:00Z']), [imageId]);
  assert.deepEqual(await filtered(['CreationStartTime', '2026-11-24T12:01Z']), []);
  assert.deepEqual(await filtered(['CreationEndTime', '2026-11-24T12:00Z']), [imageId]);
  assert.deepEqual(await filtered(['CreationEndTime', '2026-11-24T11:59Z']), []);
  assert.deepEqual(
    await filtered(
      ['CreationStartTime', '2026-11-24T00:00Z'],
      ['CreationEndTime', '2026-11-25T00:00Z'],
      ['NetworkType', 'vpc'],
      ['CpuOnlineUpgrade', 'unsupported'],
    ),
    [imageId],
  );
  assert.deepEqual(await filtered(['MemoryOnlineUpgrade', 'supported']), []);
});

test('pages: newest first, a page past the end is empty, a large page size is cut', async (t) => {
  const k = await kindred(t);
  const made: string[] = [];
  for (let i = 0; i < 3; i++) made.unshift((await k.image({ ImageFamily: 'web' })).imageId);
  const page = (PageNumber: string, PageSize: string) =>
    list(k, { ImageFamily: 'web', PageNumber, PageSize });
  const ids = (answer: { Images: { Image: { ImageId: string }[] } }) =>
    answer.Images.Image.map((image) => image.ImageId);
  const first = await page('1', '2');
  assert.deepEqual(ids(first), made.slice(0, 2));
  assert.equal(first.TotalCount, 3);
  assert.deepEqual(ids(await page('2', '2')), made.slice(2));
  const past = await page('9', '2');
  assert.deepEqual(ids(past), []);
  assert.equal(past.TotalCount, 3);
  assert.equal((await page('1', '1000')).PageSize, 100);
  for (const values of [{ PageNumber: '0' }, { PageSize: '0' }, { PageSize: 'ten' }]) {
    const refused = await k.refused('DescribeImages', { RegionId: REGION, ...values });
    assert.equal(refused.code, 'InvalidParamter');
  }
});

test('images of another account are not listed', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const as = await k.newAccount();
  const answer = await k.call('DescribeImages', { RegionId: REGION, ImageId: imageId }, { as });
  assert.equal(answer.TotalCount, 0);
});

test('more than 100 ids are refused', async (t) => {
  const k = await kindred(t);
  const ImageId = Array.from({ length: 101 }, (_, i) => `m-${i}`).join(',');
  const refused = await k.refused('DescribeImages', { RegionId: REGION, ImageId });
  assert.equal(refused.code, 'InvalidParamter');
});
