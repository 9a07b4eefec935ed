import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testOperation } from '../../testing/operation-tests.ts';
import { OBJECT, uploadScene } from '../../testing/upload-scene.ts';
import { DeleteUpload } from './DeleteUpload.ts';

testOperation(DeleteUpload, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.Upload': async (t) => {
    await t.k.call('CreateBucket', { Bucket: 'builds' });
    const upload = { Bucket: 'builds', Object: 'a.raw', SizeBytes: '5' };
    const { UploadId } = await t.k.call('CreateUpload', upload);
    return t.call({ UploadId }, { as: await t.k.newAccount() });
  },
});

test('what has come goes, and the URL opens nothing any more', async (t) => {
  const { k, create } = await uploadScene(t);
  const { url, uploadId } = await create(10);
  await fetch(url, { method: 'PUT', body: 'hello', headers: { 'content-range': 'bytes 0-4/10' } });
  const bucket = join(k.dataDir, 'buckets', 'builds');
  assert.equal(readdirSync(bucket).length, 1);
  await k.call('DeleteUpload', { UploadId: uploadId });
  assert.equal((await fetch(url)).status, 404);
  await k.kindred.uploads.sweep();
  assert.deepEqual(readdirSync(bucket), []);
  assert.equal(await k.store.read((tx) => tx.upload(uploadId)), undefined);
  assert.equal((await k.refused('DeleteUpload', { UploadId: uploadId })).status, 404);
});

test('the object of a finished upload stays, or goes when asked for', async (t) => {
  const { k, create, object } = await uploadScene(t);
  const path = join(k.dataDir, 'buckets', 'builds', OBJECT);
  for (const [WithObject, isThere] of [
    [undefined, true],
    ['false', true],
    ['true', false],
  ] as const) {
    const { url, uploadId } = await create(5);
    assert.equal((await fetch(url, { method: 'PUT', body: 'hello' })).status, 201);
    assert.equal(String(object()), 'hello');
    await k.call('DeleteUpload', { UploadId: uploadId, ...(WithObject && { WithObject }) });
    await k.kindred.uploads.sweep();
    assert.equal(existsSync(path), isThere);
  }
});

test('another file that has taken the name is left alone', async (t) => {
  const { k, create, object } = await uploadScene(t);
  const { url, uploadId } = await create(5);
  await fetch(url, { method: 'PUT', body: 'hello' });
  k.putObject('builds', OBJECT, Buffer.from('other bytes'));
  await k.call('DeleteUpload', { UploadId: uploadId, WithObject: 'true' });
  await k.kindred.uploads.sweep();
  assert.equal(String(object()), 'other bytes');
});
