import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { createDisk, describeDisks, runInstance } from '../../testing/records.ts';
import { DescribeSnapshots } from './DescribeSnapshots.ts';

const inRegion = { RegionId: REGION };
const tooManyTags = Object.fromEntries(
  Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`]),
);

testOperation(DescribeSnapshots, {
  MissingRegionId: (t) => t.call({}),
  InvalidParameter: (t) => t.call({ ...inRegion, NextToken: 'bm90IG91cnM' }),
  'InvalidTag.Mismatch': (t) => t.call({ ...inRegion, 'Tag.1.Value': 'prod' }),
  InvalidTagCount: (t) => t.call({ ...inRegion, ...tooManyTags }),
  DryRunOperation: (t) => t.call({ ...inRegion, DryRun: 'true' }),
  'InvalidSnapshotIds.Malformed': (t) => t.call({ ...inRegion, SnapshotIds: 's-1,s-2' }),
  'InvalidSnapshotCategory.Malformed': (t) => t.call({ ...inRegion, Category: 'tape' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  'InvalidFilterKey.NotFound': (t) =>
    t.call({ ...inRegion, 'Filter.1.Key': 'Colour', 'Filter.1.Value': 'red' }),
  InvalidFilterValue: (t) =>
    t.call({
      ...inRegion,
      'Filter.1.Key': 'CreationStartTime',
      'Filter.1.Value': '2026-02-30T00:00Z',
    }),
  InvalidUsage: (t) => t.call({ ...inRegion, Usage: 'paperweight' }),
  InvalidSourceDiskType: (t) => t.call({ ...inRegion, SourceDiskType: 'floppy' }),
  'InvalidStatus.NotFound': (t) => t.call({ ...inRegion, Status: 'done' }),
  'InvalidSnapshotType.NotFound': (t) => t.call({ ...inRegion, SnapshotType: 'timer' }),
  'InvalidSnapshotLinkId.NotFound': (t) => t.call({ ...inRegion, SnapshotLinkId: 'sl-bp1' }),
});

type Row = Record<string, unknown> & { SnapshotId: string };
const idsOf = (answer: { Snapshots: { Snapshot: Row[] } }): string[] =>
  answer.Snapshots.Snapshot.map((row) => row.SnapshotId);

test('a finished import leaves one accomplished snapshot that its image uses', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  const { snapshotId, imageId } = await k.importImage({}, { bytes });
  const answer = await k.call('DescribeSnapshots', inRegion);
  assert.equal(answer.TotalCount, 1);
  assert.equal(answer.PageNumber, 1);
  assert.equal(answer.PageSize, 10);
  assert.equal(answer.NextToken, '');
  const [row] = answer.Snapshots.Snapshot;
  assert.equal(row.SnapshotId, snapshotId);
  assert.equal(row.SnapshotName, `import-${imageId}-1`);
  assert.equal(row.Status, 'accomplished');
  assert.equal(row.Progress, '100%');
  assert.equal(row.Available, true);
  assert.equal(row.Usage, 'image');
  assert.equal(row.SourceDiskSize, '1');
  assert.equal(row.SourceDiskType, 'system');
  assert.equal(row.FullSnapshotSizeInBytes, bytes.length);
  assert.equal(row.Encrypted, false);
  assert.match(row.CreationTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(row.Tags, { Tag: [] });

  await k.call('DeleteImage', { ...inRegion, ImageId: imageId });
  const later = await k.call('DescribeSnapshots', inRegion);
  assert.equal(later.Snapshots.Snapshot[0].Usage, 'none');
});

test('filters combine with AND, and those that nothing can match answer an empty list', async (t) => {
  const k = await kindred(t);
  const done = await k.importImage();
  k.clock.advance(3_600_000);
  await k.startImport();
  const list = async (filter: Record<string, string>) =>
    k.call('DescribeSnapshots', { ...inRegion, ...filter });
  const [progressing] = idsOf(await list({ Status: 'progressing' }));
  assert.ok(progressing);

  const matching: [Record<string, string>, string[]][] = [
    [{ Status: 'all', SnapshotType: 'all' }, [progressing, done.snapshotId]],
    [{ Status: 'accomplished' }, [done.snapshotId]],
    [{ Status: 'accomplished', Usage: 'none' }, []],
    [
      { Usage: 'image', Category: 'Standard', SourceDiskType: 'SYSTEM' },
      [progressing, done.snapshotId],
    ],
    [{ SourceDiskType: 'data' }, []],
    [{ SnapshotIds: JSON.stringify([done.snapshotId, 's-bp1unknown']) }, [done.snapshotId]],
    [{ SnapshotIds: `['${done.snapshotId}']` }, [done.snapshotId]],
    [{ SnapshotName: `import-${done.imageId}-1` }, [done.snapshotId]],
    [{ SnapshotName: `import-${done.imageId}` }, []],
    [{ Encrypted: 'false', SnapshotType: 'user' }, [progressing, done.snapshotId]],
    [{ Encrypted: 'true' }, []],
    [{ SnapshotType: 'auto' }, []],
    [{ Category: 'flash' }, []],
    [{ Usage: 'disk' }, []],
    [{ Usage: 'image_disk' }, []],
    [{ DiskId: 'd-bp1' }, []],
    [{ InstanceId: 'i-bp1' }, []],
    [{ KMSKeyId: 'key' }, []],
    [{ ResourceGroupId: 'rg-bp1' }, []],
  ];
  for (const [filter, expected] of matching)
    assert.deepEqual(idsOf(await list(filter)), expected, JSON.stringify(filter));

  const minute = new Date(k.clock.wallMs()).toISOString().slice(0, 16);
  const since = { 'Filter.1.Key': 'CreationStartTime', 'Filter.1.Value': `${minute}Z` };
  assert.deepEqual(idsOf(await list(since)), [progressing]);

  await k.call('TagResources', {
    ...inRegion,
    ResourceType: 'snapshot',
    'ResourceId.1': done.snapshotId,
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'prod',
  });
  const tagged = await list({ 'Tag.1.Key': 'env' });
  assert.deepEqual(idsOf(tagged), [done.snapshotId]);
  assert.deepEqual(tagged.Snapshots.Snapshot[0].Tags.Tag, [{ TagKey: 'env', TagValue: 'prod' }]);
  assert.deepEqual(idsOf(await list({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'dev' })), []);
});

test('both paging styles walk all snapshots, newest first, each once', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 5; i += 1) await k.startImport();
  const list = (more: Record<string, string>) =>
    k.call('DescribeSnapshots', { ...inRegion, ...more });
  const all = idsOf(await list({}));
  assert.equal(all.length, 5);

  const byPage = [];
  for (const PageNumber of ['1', '2', '3', '4']) {
    const page = await list({ PageNumber, PageSize: '2' });
    assert.equal(page.TotalCount, 5);
    assert.equal(page.NextToken, '');
    byPage.push(...idsOf(page));
  }
  assert.deepEqual(byPage, all);

  const byToken = [];
  let NextToken = '';
  do {
    // The data source of Terraform sends the parameters of both styles.
    const page = await list({ PageNumber: '7', PageSize: '50', MaxResults: '2', NextToken });
    assert.equal(page.PageSize, 2);
    assert.equal(page.TotalCount, byToken.length === 0 ? 5 : 6);
    // A newcomer neither appears nor shifts what is still to come.
    if (byToken.length === 0) await k.startImport({ ImageName: 'newcomer' });
    byToken.push(...idsOf(page));
    NextToken = page.NextToken;
  } while (NextToken !== '');
  assert.deepEqual(byToken, all);
});

test('a NextToken of another query, account or version is refused', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 2; i += 1) await k.startImport();
  const first = { ...inRegion, MaxResults: '1' };
  const { NextToken } = await k.call('DescribeSnapshots', first);
  const stranger = await k.newAccount();
  const body = JSON.parse(Buffer.from(NextToken, 'base64url').toString());
  const forged = (change: object): string =>
    Buffer.from(JSON.stringify({ ...body, ...change })).toString('base64url');
  const refused: [Record<string, string>, object?][] = [
    [{ NextToken, Status: 'progressing' }],
    [{ NextToken, RegionId: 'cn-beijing' }],
    [{ NextToken }, { as: stranger }],
    [{ NextToken: forged({ v: 2 }) }],
    [{ NextToken: forged({ a: ['text'] }) }],
    [{ NextToken: forged({ a: [1.5] }) }],
    [{ NextToken: forged({ a: [1, 2] }) }],
    [{ NextToken: `${NextToken}=` }],
    [{ NextToken: 'bnVsbA' }],
  ];
  for (const [change, options] of refused) {
    const error = await k.refused('DescribeSnapshots', { ...first, ...change }, options);
    assert.equal(error.code, 'InvalidParameter', JSON.stringify(change));
  }
});

test('snapshots of other accounts and regions are not listed', async (t) => {
  const k = await kindred(t);
  await k.startImport();
  const stranger = await k.newAccount();
  assert.deepEqual(idsOf(await k.call('DescribeSnapshots', inRegion, { as: stranger })), []);
  assert.deepEqual(idsOf(await k.call('DescribeSnapshots', { RegionId: 'cn-beijing' })), []);
});

test('snapshots are found by instance and disk, and by what was made from them', async (t) => {
  const k = await kindred(t);
  const { imageId, snapshotId } = await k.importImage();
  const InstanceId = await runInstance(k, { ImageId: imageId, 'DataDisk.1.Size': '20' });
  const [system, data] = await describeDisks(k, InstanceId);
  const take = async (DiskId: string): Promise<string> =>
    (await k.call('CreateSnapshot', { DiskId })).SnapshotId;
  const ofSystem = await take(system.DiskId);
  const ofData = await take(data.DiskId);
  const loose = await createDisk(k, { SnapshotId: ofData });
  const names = new Map([
    [snapshotId, 'import'],
    [ofSystem, 'system'],
    [ofData, 'data'],
  ]);
  const find = async (values: Readonly<Record<string, string>>): Promise<string> => {
    const query = { RegionId: REGION, ...values };
    const { Snapshots } = await k.call('DescribeSnapshots', query);
    return Snapshots.Snapshot.map((row: Readonly<Record<string, string>>) => {
      const { SnapshotId = '', Usage = '' } = row;
      return `${names.get(SnapshotId)} ${Usage}`;
    }).join();
  };
  // The disks of an instance are made from the snapshots of its image.
  assert.equal(await find({}), 'data disk,system none,import image_disk');
  assert.equal(await find({ InstanceId }), 'data disk,system none');
  assert.equal(await find({ InstanceId, DiskId: data.DiskId }), 'data disk');
  assert.equal(await find({ InstanceId, DiskId: loose }), '');
  assert.equal(await find({ Usage: 'disk' }), 'data disk');
  assert.equal(await find({ Usage: 'disk', SnapshotIds: `["${ofSystem}"]` }), '');
  assert.equal(await find({ Usage: 'image_disk' }), 'import image_disk');
  assert.equal(await find({ Usage: 'image' }), '');
  assert.equal(await find({ Usage: 'none' }), 'system none');
});
