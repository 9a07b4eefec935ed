// StartImagePipelineExecution: each refusal, and what an execution makes of bytes, names, families and
// shares in every region.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCatalogue } from '../../domain/catalogue.ts';
import { kindred, REGION, type Harness, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { StartImagePipelineExecution } from './StartImagePipelineExecution.ts';

const FAR = 'cn-beijing';
const PUBLIC = 'ubuntu_24_04_x64_20G_test.vhd';

const CATALOGUE = makeCatalogue([
  {
    ImageId: PUBLIC,
    CreationTime: '2026-09-15T03:21:00Z',
    OSType: 'linux',
    Platform: 'Ubuntu',
    OSName: 'Ubuntu  24.04 64位',
    OSNameEn: 'Ubuntu  24.04 64 bit',
    Architecture: 'x86_64',
    Size: 20,
  },
]);

/** A pipeline on the family `base`, if nothing else is said. */
const pipeline = async (k: Harness, values: Parameters = {}): Promise<string> => {
  const wanted = { RegionId: REGION, BaseImageType: 'IMAGE_FAMILY', BaseImage: 'base', ...values };
  return (await k.call('CreateImagePipeline', wanted)).ImagePipelineId;
};

const start =
  (values: Parameters = {}, ofPipeline: Parameters = {}) =>
  async (t: Case): Promise<unknown> => {
    await t.k.image({ ImageFamily: 'base' });
    const ImagePipelineId = await pipeline(t.k, ofPipeline);
    return t.call({ RegionId: REGION, ImagePipelineId, ...values });
  };

testOperation(
  StartImagePipelineExecution,
  {
    MissingRegionId: (t) => t.call({ ImagePipelineId: 'ip-bp1' }),
    MissingImagePipelineId: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: start({ ClientToken: 'x'.repeat(65) }),
    IdempotentParameterMismatch: async (t) => {
      await t.k.image({ ImageFamily: 'base' });
      const call = { RegionId: REGION, ImagePipelineId: await pipeline(t.k), ClientToken: 'once' };
      await t.k.call('StartImagePipelineExecution', call);
      return t.call({ ...call, 'Tag.1.Key': 'env' });
    },
    'InvalidParameter.BuildContent': start({}, { BuildContent: 'FROM IMAGE_FAMILY:x\nRUN true' }),
    'InvalidParameter.TestContent': start({}, { TestContent: 'Tasks:\n  - Name: look\n' }),
    'Duplicate.TagKey': start({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': start({ 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': start({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'acs:test' }),
    'QuotaExceed.Tags': start(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidImagePipeline.HasRunningExecution': async (t) => {
      await t.k.image({ ImageFamily: 'base' });
      const call = { RegionId: REGION, ImagePipelineId: await pipeline(t.k) };
      await t.k.call('StartImagePipelineExecution', call);
      return t.call(call);
    },
    'InvalidImagePipeline.NotFound': async (t) => {
      const ImagePipelineId = await pipeline(t.k);
      return t.call({ RegionId: REGION, ImagePipelineId }, { as: await t.k.newAccount() });
    },
    'InvalidImagePipeline.BaseImageNotFound': async (t) =>
      t.call({ RegionId: REGION, ImagePipelineId: await pipeline(t.k) }),
    'InvalidImage.NotFound': start({}, { BaseImageType: 'IMAGE', BaseImage: PUBLIC }),
    'InvalidRegionId.NotFound': (t) =>
      t.call({ RegionId: 'cn-nowhere', ImagePipelineId: 'ip-bp1' }),
  },
  { kindred: { catalogue: CATALOGUE } },
);

const run = async (k: Harness, ImagePipelineId: string, values: Parameters = {}) => {
  const call = { RegionId: REGION, ImagePipelineId, ...values };
  const { ExecutionId } = await k.call('StartImagePipelineExecution', call);
  await k.finishJobs();
  return execution(k, ExecutionId);
};

const execution = async (k: Harness, ExecutionId: string) => {
  const call = { RegionId: REGION, ExecutionId };
  const listed = await k.call('DescribeImagePipelineExecutions', call);
  return listed.ImagePipelineExecution.ImagePipelineExecutionSet[0];
};

const resolved = async (k: Harness, RegionId: string, ImageFamily: string, as = k.rootKey) =>
  (await k.call('DescribeImageFromFamily', { RegionId, ImageFamily }, { as })).Image;

const digest = async (k: Harness, RegionId: string, ImageId: string) =>
  (await k.call('DescribeImageContent', { RegionId, ImageId })).Disks.Disk[0].Digest;

test('an execution makes an image of the base, brings it to every region, and publishes all', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-far-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const k = await kindred(t, { regionBlobs: { [FAR]: join(root, FAR) } });
  const receiver = await k.newAccount();
  const base = await k.image({ ImageFamily: 'base', Platform: 'Ubuntu', ImageVersion: '7' });
  const newest = await k.image({ ImageFamily: 'base', Platform: 'Debian' });
  const ImagePipelineId = await pipeline(k, {
    BuildContent: '# from the older API\nFROM IMAGE_FAMILY:base',
    'ImageOptions.ImageName': 'web',
    'ImageOptions.ImageFamily': 'web-released',
    'ImageOptions.Description': 'made by a pipeline',
    'ImageOptions.ImageFeatures.NvmeSupport': 'supported',
    'ImageOptions.ImageTags.1.Key': 'channel',
    SystemDiskSize: '60',
    'AddAccount.1': receiver.accountId,
    'ToRegionId.1': FAR,
    'ToRegionId.2': REGION,
  });
  const call = { RegionId: REGION, ImagePipelineId, 'Tag.1.Key': 'run' };
  const { ExecutionId } = await k.call('StartImagePipelineExecution', call);
  const started = await execution(k, ExecutionId);
  assert.deepEqual([started.Status, started.ImageId], ['PREPARING', '']);
  // The family is resolved when the execution begins, not when it was started.
  const outdated = { RegionId: REGION, ImageId: newest.imageId, Status: 'Deprecated' };
  await k.call('ModifyImageAttribute', outdated);
  await k.finishJobs();

  const ended = await execution(k, ExecutionId);
  const { ImageId } = ended;
  assert.deepEqual(ended, {
    ExecutionId,
    ImagePipelineId,
    ImageId,
    Status: 'SUCCESS',
    Message: '',
    ErrorCode: '',
    ErrorInfo: '',
    ResourceGroupId: '',
    CreationTime: '2026-11-24T12:00:00Z',
    ModifiedTime: '2026-11-24T12:00:00Z',
    Tags: { Tag: [{ TagKey: 'run', TagValue: '' }] },
  });
  for (const region of [REGION, FAR]) {
    const image = await resolved(k, region, 'web-released');
    assert.equal(image.ImageName, `web_${ExecutionId}`);
    assert.equal(image.Description, 'made by a pipeline');
    assert.deepEqual([image.Platform, image.ImageVersion, image.Size], ['Ubuntu', '', 60]);
    assert.equal(image.DiskDeviceMappings.DiskDeviceMapping[0].Size, '60');
    assert.equal(image.IsCopied, region === FAR);
    assert.deepEqual(image.Tags.Tag, [{ TagKey: 'channel', TagValue: '' }]);
    assert.equal(await digest(k, region, image.ImageId), await digest(k, REGION, base.imageId));
    const shared = `acs:${k.accountId}:web-released`;
    assert.equal((await resolved(k, region, shared, receiver)).ImageId, image.ImageId);
  }
  assert.equal((await resolved(k, REGION, 'web-released')).ImageId, ImageId);
  assert.equal(readdirSync(join(root, FAR, 'sha256')).length, 1);
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
  // The base can go: the image has snapshots of its own.
  await k.call('DeleteImage', { RegionId: REGION, ImageId: base.imageId });
  await k.call('ModifyImageAttribute', { ...outdated, Status: 'Available' });
  const second = await run(k, ImagePipelineId);
  assert.equal((await resolved(k, FAR, 'web-released')).ImageName, `web_${second.ExecutionId}`);
});

test('what cannot be copied or shared is told, and the rest is there', async (t) => {
  const k = await kindred(t, { quotas: { familiesPerRegion: 3 } });
  const { imageId } = await k.image({ ImageFamily: 'base' });
  for (const ImageFamily of ['one', 'two']) await k.image({ ImageFamily, ImageName: ImageFamily });
  const copy = { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR };
  await k.call('CopyImage', { ...copy, DestinationImageName: 'web' });
  await k.finishJobs();
  const ImagePipelineId = await pipeline(k, {
    ImageName: 'web',
    'AdvancedOptions.ImageNameSuffix': 'disable',
    ImageFamily: 'one',
    'AddAccount.1': k.accountId,
    'AddAccount.2': '1999999999999999',
    'ToRegionId.1': FAR,
  });
  const ended = await run(k, ImagePipelineId);
  assert.equal(ended.Status, 'PARTITION_SUCCESS');
  assert.deepEqual(
    ended.Message.match(/[^.]+\./g).map((sentence: string) => sentence.trim()),
    [
      `${FAR}: An image of this name is there already.`,
      `${REGION}: Not shared with ${k.accountId}: it is the own account.`,
      `${REGION}: Not shared with 1999999999999999: there is no such account.`,
    ],
  );
  assert.equal((await resolved(k, REGION, 'one')).ImageId, ended.ImageId);
  // The name is taken now, by the image of the first execution.
  const again = await run(k, ImagePipelineId);
  assert.deepEqual(
    [again.Status, again.ErrorCode, again.ErrorInfo],
    ['FAILED', 'InvalidImageName.Duplicated', 'An image of this name is there already.'],
  );
  const full = await run(k, await pipeline(k, { ImageFamily: 'three' }));
  assert.deepEqual([full.Status, full.ErrorCode], ['FAILED', 'ImageQuotaExceed.ImageFamily']);
  const all = await k.call('DescribeImages', { RegionId: REGION, Status: 'ALL' });
  assert.equal(all.TotalCount, 5, 'a failed execution has left an image');
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('an execution fails when its base has gone meanwhile, and waits as long as it is told', async (t) => {
  const k = await kindred(t, { pipelineHoldMs: 60_000 });
  const { imageId } = await k.image();
  const ImagePipelineId = await pipeline(k, { BaseImageType: 'IMAGE', BaseImage: imageId });
  const call = { RegionId: REGION, ImagePipelineId };
  const { ExecutionId } = await k.call('StartImagePipelineExecution', call);
  const finished = k.finishJobs();
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  assert.equal((await execution(k, ExecutionId)).Status, 'PREPARING');
  k.clock.advance(60_000);
  await finished;
  const ended = await execution(k, ExecutionId);
  assert.deepEqual(
    [ended.Status, ended.ErrorCode],
    ['FAILED', 'InvalidImagePipeline.BaseImageNotFound'],
  );
  assert.equal(ended.ModifiedTime, '2026-11-24T12:01:00Z');
});

test('a base image that another account shares is built from, without a word of its owner', async (t) => {
  const k = await kindred(t);
  const receiver = await k.newAccount();
  const { imageId } = await k.image({ ImageFamily: 'base' });
  const share = { RegionId: REGION, ImageId: imageId, 'AddAccount.1': receiver.accountId };
  await k.call('ModifyImageSharePermission', share);
  const base = { BaseImageType: 'IMAGE_FAMILY', BaseImage: `acs:${k.accountId}:base` };
  const wanted = { RegionId: REGION, ...base, ImageFamily: 'mine' };
  const as = receiver;
  const { ImagePipelineId } = await k.call('CreateImagePipeline', wanted, { as });
  await k.call('StartImagePipelineExecution', { RegionId: REGION, ImagePipelineId }, { as });
  await k.finishJobs();
  const image = await resolved(k, REGION, 'mine', receiver);
  assert.equal(image.ImageOwnerAlias, 'self');
  const { Snapshots } = await k.call('DescribeSnapshots', { RegionId: REGION }, { as });
  assert.equal(Snapshots.Snapshot.length, 1);
  assert.equal(Snapshots.Snapshot[0].SourceSnapshotId, '');
});
