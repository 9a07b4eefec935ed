// A bucket without room: each way in is refused with 507, leaves nothing half written, and works again once
// there is room.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openOssScene } from '../../src/testing/oss-scene.ts';
import { mountSmallDisk } from './small-disk.ts';

const MIB = 2 ** 20;
const DISK_MIB = 8;

const probe = mountSmallDisk(1);
const skip = typeof probe === 'string' ? probe : false;
if (typeof probe !== 'string') probe.remove();

const open = async (t: TestContext, floorBytes: number) => {
  const disk = mountSmallDisk(DISK_MIB);
  assert.ok(typeof disk !== 'string');
  const scene = await openOssScene(t, { floorBytes, buckets: disk.path });
  t.after(() => disk.remove());
  await scene.send('PUT', '/images');
  return { disk, ...scene, names: () => readdirSync(join(disk.path, 'images')).toSorted() };
};

test('a body that does not fit is refused, and what was there stays', { skip }, async (t) => {
  const { disk, send, names } = await open(t, 0);
  const kept = randomBytes(MIB).toString('hex').slice(0, MIB);
  await send('PUT', '/images/kept', { body: kept });
  const large = randomBytes(DISK_MIB * MIB);
  for (const key of ['kept', 'new']) {
    const refused = await send('PUT', `/images/${key}`, { body: large });
    assert.deepEqual([refused.status, refused.code], [507, 'InsufficientStorage']);
  }
  assert.deepEqual(names(), ['kept']);
  assert.equal((await send('GET', '/images/kept')).text, kept);
  // Not even room for a name.
  disk.fill();
  assert.equal((await send('PUT', '/images/a/b/c', { body: 'x' })).status, 507);
  assert.equal((await send('POST', '/images/parts?uploads')).status, 507);
  assert.deepEqual(names(), ['kept']);
  disk.drain();
  assert.equal((await send('PUT', '/images/a/b/c', { body: 'x' })).status, 200);
});

test('an upload without room to join its parts keeps them', { skip }, async (t) => {
  const { send, names } = await open(t, 0);
  const begun = await send('POST', '/images/disk?uploads');
  const path = `/images/disk?uploadId=${/<UploadId>(\w+)</.exec(begun.text)?.[1]}`;
  const part = (n: number) =>
    send('PUT', `${path}&partNumber=${n}`, { body: randomBytes(1.5 * MIB) });
  const parts = [await part(1), await part(2), await part(3)];
  const fourth = await send('PUT', `${path}&partNumber=4`, { body: randomBytes(6 * MIB) });
  assert.equal(fourth.code, 'InsufficientStorage');
  const end = () =>
    send('POST', path, {
      body: `<CompleteMultipartUpload>${parts
        .map(
          ({ headers: { etag } }, i) =>
            `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
        )
        .join('')}</CompleteMultipartUpload>`,
    });
  assert.equal((await end()).code, 'InsufficientStorage');
  assert.equal(names().length, 1, 'the upload, and nothing that grew');
  assert.equal((await send('GET', '/images/disk')).code, 'NoSuchKey');
  parts.pop();
  assert.equal((await end()).status, 200);
  assert.deepEqual(names(), ['disk']);
});

test('a bucket is not filled to the last byte', { skip }, async (t) => {
  const { send, names } = await open(t, 64 * MIB);
  assert.equal((await send('PUT', '/images/a', { body: 'x' })).code, 'InsufficientStorage');
  assert.deepEqual(names(), []);
});
