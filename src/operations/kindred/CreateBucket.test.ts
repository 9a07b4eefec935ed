import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CreateBucket } from './CreateBucket.ts';

testOperation(CreateBucket, {
  MissingParameter: (t) => t.call({}),
  InvalidBucketName: (t) => t.call({ Bucket: '../../etc' }),
  'InvalidRegionId.NotFound': (t) => t.call({ Bucket: 'builds', RegionId: 'cn-nowhere' }),
  'EntityAlreadyExists.Bucket': async (t) => {
    await t.k.call('CreateBucket', { Bucket: 'builds' }, { as: await t.k.newAccount() });
    return t.call({ Bucket: 'builds' });
  },
});

const fromBucket = (Bucket: string, RegionId = REGION) => ({
  RegionId,
  'DiskDeviceMapping.1.OSSBucket': Bucket,
  'DiskDeviceMapping.1.OSSObject': 'disk.qcow2',
});

test('an account imports from its own bucket and no other account does', async (t) => {
  const k = await kindred(t);
  const [owner, stranger] = [await k.newAccount(), await k.newAccount()];
  await k.call('CreateBucket', { Bucket: 'builds' }, { as: owner });
  k.putObject('builds', 'disk.qcow2', k.diskImage());
  await k.call('ImportImage', fromBucket('builds'), { as: owner });
  for (const options of [{ as: stranger }, {}]) {
    const error = await k.refused('ImportImage', fromBucket('builds'), options);
    assert.equal(error.code, 'InvalidOSSBucket.NotFound');
  }
});

test('a bucket of one region is imported into that region only', async (t) => {
  const k = await kindred(t);
  await k.call('CreateBucket', { Bucket: 'builds', RegionId: 'cn-beijing' });
  k.putObject('builds', 'disk.qcow2', k.diskImage());
  await k.call('ImportImage', fromBucket('builds', 'cn-beijing'));
  const error = await k.refused('ImportImage', fromBucket('builds'));
  assert.equal(error.code, 'InvalidOSSBucket.NotMatched');
});

test('nobody can claim a folder that lies there already', async (t) => {
  const k = await kindred(t);
  k.putObject('by-hand', 'disk.qcow2', k.diskImage());
  const as = await k.newAccount();
  const error = await k.refused('CreateBucket', { Bucket: 'by-hand' }, { as });
  assert.equal(error.code, 'EntityAlreadyExists.Bucket');
});

test('names follow the rule of OSS', async (t) => {
  const k = await kindred(t);
  for (const Bucket of ['ab', '-ab', 'ab-', 'Abc', 'a.b', 'a'.repeat(64)])
    assert.equal((await k.refused('CreateBucket', { Bucket })).code, 'InvalidBucketName');
  for (const Bucket of ['a0c', '0-0', 'a'.repeat(63)]) await k.call('CreateBucket', { Bucket });
});
