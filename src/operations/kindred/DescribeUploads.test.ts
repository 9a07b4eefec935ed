import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeUploads } from './DescribeUploads.ts';

testOperation(DescribeUploads, {
  InvalidParameter: (t) => t.call({ PageNumber: '0' }),
  'EntityNotExist.Upload': async (t) => {
    await t.k.call('CreateBucket', { Bucket: 'builds' });
    const upload = { Bucket: 'builds', Object: 'a.raw', SizeBytes: '5' };
    const { UploadId } = await t.k.call('CreateUpload', upload);
    return t.call({ UploadId }, { as: await t.k.newAccount() });
  },
});

test('uploads are listed newest first, for their account only, with what has come', async (t) => {
  const k = await kindred(t);
  await k.call('CreateBucket', { Bucket: 'builds' });
  const ids: string[] = [];
  for (const [i, Object] of ['a.raw', 'b.raw', 'c.raw'].entries()) {
    k.clock.advance(1_000);
    const upload = { Bucket: 'builds', Object, SizeBytes: String(10 + i), Sha256: 'AB'.repeat(32) };
    ids.unshift((await k.call('CreateUpload', upload)).UploadId);
  }
  const newest = await k.store.read((tx) => tx.upload(ids[0]!));
  const hello = [Buffer.from('hello')];
  await k.kindred.uploads.receive(
    newest!,
    0,
    (async function* () {
      yield* hello;
    })(),
  );
  const listed = await k.call('DescribeUploads', { PageSize: '2' });
  assert.equal(listed.TotalCount, 3);
  assert.deepEqual(
    listed.Uploads.Upload.map((upload: { UploadId: string }) => upload.UploadId),
    ids.slice(0, 2),
  );
  assert.deepEqual(listed.Uploads.Upload[0], {
    UploadId: ids[0],
    Bucket: 'builds',
    Object: 'c.raw',
    SizeBytes: 12,
    UploadedBytes: 5,
    Sha256: 'ab'.repeat(32),
    Status: 'Uploading',
    Message: '',
    CreationTime: '2026-11-24T12:00:03Z',
    ExpirationTime: '2026-12-01T12:00:03Z',
  });
  const one = await k.call('DescribeUploads', { UploadId: ids[2]! });
  assert.deepEqual([one.TotalCount, one.Uploads.Upload[0].Object], [1, 'a.raw']);
  const as = await k.newAccount();
  assert.equal((await k.call('DescribeUploads', {}, { as })).TotalCount, 0);
});
