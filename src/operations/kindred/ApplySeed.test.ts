import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ApplySeed } from './ApplySeed.ts';
import type { SeedFile } from './shared/seed-schema.ts';

const WEB: SeedFile = { Images: [{ ImageName: 'web-1', ImageFamily: 'web' }] };
const apply = (k: Harness, seed: SeedFile, more: Record<string, string> = {}) =>
  k.call('ApplySeed', { Seed: JSON.stringify(seed), ...more });
const familyOf = async (k: Harness, ImageFamily: string): Promise<string | undefined> =>
  (await k.call('DescribeImageFromFamily', { RegionId: REGION, ImageFamily })).Image.ImageName;

testOperation(ApplySeed, {
  MissingParameter: (t) => t.call({}),
  InvalidSeed: (t) => t.call({ Seed: '{"Images":[{"ImageNam":"web-1"}]}' }),
  InvalidParameter: (t) => t.call({ Seed: '{}', Time: 'yesterday' }),
  NoPermission: async (t) => t.call({ Seed: '{}' }, { as: await t.k.newAccount() }),
  'OperationDenied.NotForTests': (t) => {
    Object.assign(t.k.kindred.house.installation, { isForTests: false });
    return t.call({ Seed: '{}' });
  },
  'Conflict.Seed': async (t) => {
    await apply(t.k, WEB);
    return t.call({ Seed: '{"Images":[{"ImageName":"web-1"}]}' });
  },
});

test('three lines make an image that its family names, with real bytes behind it', async (t) => {
  const k = await kindred(t);
  const answer = await apply(k, WEB);
  assert.deepEqual([answer.AccountCount, answer.ImageCount, answer.LeftCount], [0, 1, 0]);
  const { Image } = await k.call('DescribeImageFromFamily', {
    RegionId: REGION,
    ImageFamily: 'web',
  });
  assert.equal(Image.ImageName, 'web-1');
  assert.equal(Image.Status, 'Available');
  assert.equal(Image.Progress, '100%');
  assert.equal(Image.Size, 20);
  const content = await k.call('DescribeImageContent', {
    RegionId: REGION,
    ImageId: Image.ImageId,
  });
  assert.match(JSON.stringify(content), /sha256:[0-9a-f]{64}/);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
  // The bytes are read again, and are what they are known by.
  await k.call('StartVerification');
  await k.finishJobs();
  assert.equal(await familyOf(k, 'web'), 'web-1');
});

test('images come in the order of CreationTime, and the family rule decides', async (t) => {
  const k = await kindred(t);
  await apply(k, {
    Images: [
      { ImageName: 'web-3', ImageFamily: 'web', CreationTime: '-1d', Status: 'Deprecated' },
      { ImageName: 'web-1', ImageFamily: 'web', CreationTime: '-30d' },
      { ImageName: 'web-2', ImageFamily: 'web', CreationTime: '-2w' },
      { ImageName: 'broken', ImageFamily: 'web', CreationTime: '-2h', Status: 'CreateFailed' },
      { ImageName: 'away', ImageFamily: 'web', CreationTime: '-1h', Status: 'UnAvailable' },
    ],
  });
  assert.equal(await familyOf(k, 'web'), 'web-2');
  const Status = 'Available,Deprecated,UnAvailable,CreateFailed';
  const { Images } = await k.call('DescribeImages', { RegionId: REGION, Status });
  assert.deepEqual(
    Images.Image.map((image: Record<string, string>) => [image.ImageName, image.Status]),
    [
      ['away', 'UnAvailable'],
      ['broken', 'CreateFailed'],
      ['web-3', 'Deprecated'],
      ['web-2', 'Available'],
      ['web-1', 'Available'],
    ],
  );
  const ageDays = (image: { CreationTime: string }): number =>
    Math.round((k.clock.wallMs() - Date.parse(image.CreationTime)) / 86_400_000);
  assert.deepEqual(Images.Image.map(ageDays), [0, 0, 1, 14, 30]);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
  // What comes after the seed is newer than all of it.
  await k.image({ ImageName: 'web-4', ImageFamily: 'web' });
  assert.equal(await familyOf(k, 'web'), 'web-4');
});

test('a call repeated leaves what is there; what differs is named, and nothing of the call is done', async (t) => {
  const k = await kindred(t);
  const seed: SeedFile = {
    Accounts: [
      {
        AccountName: 'build-team',
        AccountId: '1234567890123456',
        AccessKeys: [
          { AccessKeyId: 'LTAIseedseedseedseed', AccessKeySecret: 'secretsecretsecret' },
        ],
      },
    ],
    Images: [
      { ImageName: 'a', ImageId: 'm-bp1aaaaaaaaaaaaaaaaa', CreationTime: '2026-01-02' },
      { AccountName: 'build-team', ImageName: 'b', CreationTime: '2026-01-02T03:04:05Z' },
    ].map((image) => ({ ...image, ImageName: `img-${image.ImageName}` })),
  };
  assert.equal((await apply(k, seed)).ImageCount, 2);
  const before = await k.call('ExportSeed');
  const again = await apply(k, seed);
  assert.deepEqual([again.AccountCount, again.ImageCount, again.LeftCount], [0, 0, 2]);
  assert.equal((await k.call('ExportSeed')).Seed, before.Seed);
  const as = { accessKeyId: 'LTAIseedseedseedseed', accessKeySecret: 'secretsecretsecret' };
  assert.equal((await k.call('GetCallerIdentity', {}, { as })).AccountId, '1234567890123456');
  assert.doesNotMatch(before.Seed, /LTAIseed|secretsecret/);

  const refused = async (changed: SeedFile): Promise<string> => {
    const error = await k.refused('ApplySeed', { Seed: JSON.stringify(changed) });
    return `${error.code} ${JSON.parse(error.body).Message}`;
  };
  const [first, second] = seed.Images!;
  assert.match(
    await refused({
      ...seed,
      Images: [{ ImageName: 'new-one' }, { ...first!, Platform: 'Ubuntu' }],
    }),
    /^Conflict.Seed Images\[1\]\.Platform: "Ubuntu" is asked for, and m-bp1a+ has "Others Linux"\.$/,
  );
  assert.match(
    await refused({ Images: [{ ...second!, CreationTime: '2026-01-03' }] }),
    /^Conflict.Seed Images\[0\]\.CreationTime: "2026-01-03T00:00:00Z" is asked for/,
  );
  assert.match(
    await refused({ Images: [{ ImageName: 'old-one', CreationTime: '2025-01-01' }] }),
    /^Conflict.Seed Images\[0\]\.CreationTime: cn-hangzhou has .* 2026-01-02T00:00:00Z, and time/,
  );
  assert.match(
    await refused({ Accounts: [{ AccountName: 'build-team', AccountId: '9234567890123456' }] }),
    /^Conflict.Seed Accounts\[0\]\.AccountId: it is 1234567890123456 here\.$/,
  );
  assert.equal((await k.call('ExportSeed')).Seed, before.Seed);
  await k.call('DeleteImage', { RegionId: REGION, ImageId: first!.ImageId! });
  assert.match(await refused({ Images: [first!] }), /ImageId: the id is, or was, that of another/);
});

test('ids by name are the same in every Kindred, and the form is that of drawn ones', async (t) => {
  const seed: SeedFile = {
    Ids: 'by-name',
    RegionId: 'cn-beijing',
    Accounts: [{ AccountName: 'build-team' }],
    Images: [
      { ImageName: 'web-1', CreationTime: '2026-01-01' },
      { ImageName: 'web-1', AccountName: 'build-team', CreationTime: '2026-01-01' },
      { ImageName: 'web-1', RegionId: REGION, CreationTime: '2026-01-01' },
    ],
  };
  const texts: string[] = [];
  for (let i = 0; i < 2; i++) {
    const k = await kindred(t);
    await apply(k, seed);
    texts.push((await k.call('ExportSeed')).Seed);
  }
  assert.equal(texts[0], texts[1]);
  const ids = JSON.parse(texts[0]!).Images.map((image: { ImageId: string }) => image.ImageId);
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(id, /^m-(2ze|bp1)[0-9a-z]{17}$/);
});

const WRONG: readonly (readonly [seed: unknown, message: RegExp])[] = [
  ['{', /^the seed is not JSON/],
  [{ kindredSeed: 2, New: 1 }, /^kindredSeed: a newer Kindred wrote this seed/],
  [{ Imagess: [] }, /^Imagess: there is no such key\. Did you mean Images\?/],
  [{ Images: [{ ImageName: 'a1', ImageFamly: 'b' }] }, /^Images\[0\]\.ImageFamly: .*ImageFamily\?/],
  [{ Images: [{ ImageName: '1a' }] }, /^Images\[0\]\.ImageName: /],
  [{ Images: [{ ImageName: 'a1', ImageFamily: 'acs:x' }] }, /^Images\[0\]\.ImageFamily: /],
  [{ Images: [{ ImageName: 'a1', RegionId: 'cn-hangzou' }] }, /Did you mean cn-hangzhou\?$/],
  [
    { Images: [{ ImageName: 'a1', Status: 'Creating' }] },
    /^Images\[0\]\.Status: expected Available/,
  ],
  [{ Images: [{ ImageName: 'a1', CreationTime: '2026-02-31' }] }, /CreationTime: it is no time/],
  [{ Images: [{ ImageName: 'a1', CreationTime: '2999-01-01' }] }, /CreationTime: it is no time/],
  [{ Images: [{ ImageName: 'a1', CreationTime: '30d' }] }, /CreationTime: "30d" does not fit/],
  [
    { Images: [{ ImageName: 'a1', OSType: 'windows', Platform: 'Ubuntu' }] },
    /OSType: Ubuntu is not/,
  ],
  [{ Images: [{ ImageName: 'a1', Architecture: 'arm64', BootMode: 'BIOS' }] }, /BootMode: arm64/],
  [
    { Images: [{ ImageName: 'a1' }, { ImageName: 'a1' }] },
    /^Images\[1\]\.ImageName: the same as in Images\[0\]/,
  ],
  [{ Images: [{ ImageName: 'a1', Tags: [{ Key: 'acs:x' }] }] }, /^Images\[0\]\.Tags: Tag\.1\.Key/],
  [
    { Images: [{ ImageName: 'a1', AccountName: 'nobody' }] },
    /AccountName: there is no account nobody/,
  ],
  [{ Images: [{ ImageName: 'a1', Accounts: ['nobody'] }] }, /Accounts: there is no account nobody/],
  [
    { Images: [{ ImageName: 'a1', Accounts: ['operator'] }] },
    /Accounts: it is the account of the image/,
  ],
  [
    { Images: [{ ImageName: 'a1', IsPublic: true, Accounts: ['operator'] }] },
    /Accounts: a published/,
  ],
  [
    { Images: [{ ImageName: 'a1', Size: 5, DiskDeviceMappings: [{ Size: 6 }] }] },
    /^Images\[0\]\.Size: the system disk has 6 GiB/,
  ],
  [
    { Images: [{ ImageName: 'a1', DiskDeviceMappings: [{}, { Device: '/dev/xvda' }] }] },
    /^Images\[0\]\.DiskDeviceMappings\[1\]\.Device: /,
  ],
  [
    { Images: [{ ImageName: 'a1', DiskDeviceMappings: [{ SnapshotId: '' }] }] },
    /^Images\[0\]\.DiskDeviceMappings\[0\]\.SnapshotId: the system disk has bytes/,
  ],
  [
    { Accounts: [{ AccountName: 'b2' }, { AccountName: 'b2' }] },
    /^Accounts\[1\]\.AccountName: the same/,
  ],
];
test('what is wrong is said with its place', async (t) => {
  const k = await kindred(t);
  const before = k.stateHash();
  for (const [seed, message] of WRONG) {
    const Seed = typeof seed === 'string' ? seed : JSON.stringify(seed);
    const error = await k.refused('ApplySeed', { Seed });
    assert.equal(error.code, 'InvalidSeed', Seed);
    assert.match(JSON.parse(error.body).Message, message);
  }
  assert.equal(k.stateHash(), before);
});

test('quotas hold for seeds too', async (t) => {
  const k = await kindred(t, { quotas: { imagesPerFamily: 1 } });
  const two = ['web-1', 'web-2'].map((ImageName) => ({ ImageName, ImageFamily: 'web' }));
  const error = await k.refused('ApplySeed', { Seed: JSON.stringify({ Images: two }) });
  assert.match(error.message, /Images\[1\]\.ImageFamily: the quota of images in a family/);
  assert.equal(await familyOf(k, 'web'), undefined);
});

test('a registry takes no seed', async (t) => {
  const k = await kindred(t, { isEphemeral: false });
  const error = await k.refused('ApplySeed', { Seed: JSON.stringify(WEB) });
  assert.equal(error.code, 'OperationDenied.NotForTests');
});
