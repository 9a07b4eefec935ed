import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAX_UPLOAD_BYTES } from '../../domain/upload.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CreateUpload } from './CreateUpload.ts';

const wanted = { Bucket: 'builds', Object: 'disk.qcow2', SizeBytes: '1000' };

const withBucket = async (t: Case, parameters: Record<string, string>) => {
  await t.k.call('CreateBucket', { Bucket: 'builds' });
  return t.call({ ...wanted, ...parameters });
};

testOperation(
  CreateUpload,
  {
    MissingParameter: (t) => t.call({ Bucket: 'builds', Object: 'disk.qcow2' }),
    InvalidBucketName: (t) => t.call({ ...wanted, Bucket: '../etc' }),
    'InvalidOSSObject.Malformed': (t) => withBucket(t, { Object: '../disk.qcow2' }),
    InvalidSizeBytes: (t) => withBucket(t, { SizeBytes: String(MAX_UPLOAD_BYTES + 1) }),
    InvalidSha256: (t) => withBucket(t, { Sha256: 'abc' }),
    'QuotaExceed.Upload': async (t) => {
      await t.k.call('CreateBucket', { Bucket: 'builds' });
      await t.k.call('CreateUpload', wanted);
      return t.call(wanted);
    },
    'InvalidOSSBucket.NotFound': (t) => t.call(wanted),
    'InsufficientStorage.Upload': (t) => withBucket(t, { SizeBytes: String(MAX_UPLOAD_BYTES) }),
  },
  { kindred: { quotas: { openUploads: 1 } } },
);

test('the secret of the URL is kept nowhere, and an id opens nothing', async (t) => {
  const k = await kindred(t);
  await k.call('CreateBucket', { Bucket: 'builds' });
  const { UploadId, Url, ExpirationTime } = await k.call('CreateUpload', wanted);
  assert.match(UploadId, /^u-[0-9a-z]{20}$/);
  assert.match(Url, /^\/uploads\/[A-Za-z0-9_-]{43}$/);
  assert.equal(ExpirationTime, '2026-12-01T12:00:00Z');
  const secret = Url.slice('/uploads/'.length);
  for (const name of ['kindred.db', 'kindred.db-wal'])
    assert.ok(!readFileSync(join(k.dataDir, name)).includes(secret), name);
  assert.equal((await k.kindred.uploads.find(secret))?.uploadId, UploadId);
  assert.equal(await k.kindred.uploads.find(UploadId), undefined);
  assert.equal(await k.kindred.uploads.find(secret.toLowerCase()), undefined);
});

test('a bucket of another account, or of the operator, is as good as none', async (t) => {
  const k = await kindred(t);
  const [owner, stranger] = [await k.newAccount(), await k.newAccount()];
  await k.call('CreateBucket', { Bucket: 'builds' }, { as: owner });
  k.putObject('by-hand', 'x.raw', k.diskImage());
  for (const [Bucket, as] of [
    ['builds', stranger],
    ['builds', k.rootKey],
    ['by-hand', stranger],
  ] as const) {
    const error = await k.refused('CreateUpload', { ...wanted, Bucket }, { as });
    assert.equal(error.code, 'InvalidOSSBucket.NotFound');
  }
  await k.call('CreateUpload', wanted, { as: owner });
  await k.call('CreateUpload', { ...wanted, Bucket: 'by-hand' });
});

test('names that could not be an object are refused', async (t) => {
  const k = await kindred(t);
  await k.call('CreateBucket', { Bucket: 'builds' });
  for (const name of ['/a.raw', 'a//b.raw', '..', 'a/../../b.raw', 'a\\b.raw', 'a/'])
    assert.equal(
      (await k.refused('CreateUpload', { ...wanted, Object: name })).code,
      'InvalidOSSObject.Malformed',
      name,
    );
  for (const SizeBytes of ['0', '-1', '1.5', '1e3', 'x'])
    assert.equal(
      (await k.refused('CreateUpload', { ...wanted, SizeBytes })).code,
      'InvalidSizeBytes',
      SizeBytes,
    );
});

test('the open uploads of an account promise no room twice, and take none from others', async (t) => {
  const k = await kindred(t);
  await k.call('CreateBucket', { Bucket: 'builds' });
  const other = await k.newAccount();
  await k.call('CreateBucket', { Bucket: 'theirs' }, { as: other });
  const freeBytes = await k.kindred.uploads.freeBytes('builds');
  // A machine with a very large disk has room for more than one upload may promise.
  const SizeBytes = String(Math.min(Math.floor(freeBytes * 0.3), MAX_UPLOAD_BYTES));
  const fit = Math.floor(freeBytes / Number(SizeBytes));
  for (let i = 0; i < fit; i += 1)
    await k.call('CreateUpload', { ...wanted, Object: `${i}.qcow2`, SizeBytes });
  const before = k.stateHash();
  const { code } = await k.refused('CreateUpload', { ...wanted, SizeBytes });
  assert.equal(code, 'InsufficientStorage.Upload');
  assert.equal(k.stateHash(), before);
  await k.call('CreateUpload', { ...wanted, Bucket: 'theirs', SizeBytes }, { as: other });
  // What is deleted gives its room back.
  const { Uploads } = await k.call('DescribeUploads', { PageSize: '100' });
  await k.call('DeleteUpload', { UploadId: Uploads.Upload[0].UploadId });
  await k.call('CreateUpload', { ...wanted, SizeBytes });
});
