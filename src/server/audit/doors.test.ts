// What changes through a door other than `/` leaves a record. Which doors there are is read from the servers
// themselves: an operation of the object door, or a method of a path, that has no scene here fails.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { UPLOAD_MS } from '../../domain/upload.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { openOssScene } from '../../testing/oss-scene.ts';
import { uploadScene, type UploadScene } from '../../testing/upload-scene.ts';
import { OSS_OPERATIONS } from '../oss/operations.ts';
import { PATHS } from '../paths/all.ts';

/** Records behind a place, and the place behind them. */
const recordsAfter = async (k: Harness, place: number) => {
  const rows = await k.store.read((tx) => tx.auditRecordsAfter(place, 1_000));
  return rows.map(({ record }) => JSON.parse(record));
};

const headOf = async (k: Harness): Promise<number> =>
  (await k.store.read((tx) => tx.auditHead()))?.sequence ?? 0;

type Send = Awaited<ReturnType<typeof openOssScene>>['send'];

const begin = async (send: Send): Promise<string> => {
  const { text } = await send('POST', '/images/parts?uploads');
  return /<UploadId>(\w+)</.exec(text)![1]!;
};

const part = async (send: Send, uploadId: string): Promise<string> => {
  const { headers } = await send('PUT', `/images/parts?partNumber=1&uploadId=${uploadId}`, {
    body: 'part',
  });
  return `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.etag}</ETag></Part></CompleteMultipartUpload>`;
};

const copied = { headers: { 'x-oss-copy-source': '/images/a' } };

/** What is sent, and what goes before it. */
const SCENES: Readonly<Record<string, (send: Send) => Promise<() => ReturnType<Send>>>> = {
  PutBucket: async (send) => () => send('PUT', '/more'),
  PutBucketAcl: async (send) => () =>
    send('PUT', '/images?acl', { headers: { 'x-oss-acl': 'private' } }),
  DeleteBucket: async (send) => {
    await send('PUT', '/gone');
    return () => send('DELETE', '/gone');
  },
  PutObject: async (send) => () => send('PUT', '/images/b', { body: 'b' }),
  PutObjectAcl: async (send) => () =>
    send('PUT', '/images/a?acl', { headers: { 'x-oss-object-acl': 'private' } }),
  CopyObject: async (send) => () => send('PUT', '/images/c', copied),
  DeleteObject: async (send) => () => send('DELETE', '/images/a'),
  DeleteMultipleObjects: async (send) => () =>
    send('POST', '/images?delete', {
      body: '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>',
    }),
  InitiateMultipartUpload: async (send) => () => send('POST', '/images/parts?uploads'),
  CompleteMultipartUpload: async (send) => {
    const uploadId = await begin(send);
    const body = await part(send, uploadId);
    return () => send('POST', `/images/parts?uploadId=${uploadId}`, { body });
  },
  AbortMultipartUpload: async (send) => {
    const uploadId = await begin(send);
    return () => send('DELETE', `/images/parts?uploadId=${uploadId}`);
  },
};

/** Parts of what is no object yet: its end is the change. */
const NO_CHANGE = ['UploadPart', 'UploadPartCopy'];

test('every operation of the object door that changes something leaves one record', async (t) => {
  const { k, send } = await openOssScene(t);
  const changing = OSS_OPERATIONS.filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    .map(({ name }) => name)
    .filter((name) => !NO_CHANGE.includes(name));
  assert.deepEqual(Object.keys(SCENES).toSorted(), changing.toSorted());
  await send('PUT', '/images');
  for (const [name, prepare] of Object.entries(SCENES)) {
    await send('PUT', '/images/a', { body: 'a' });
    const run = await prepare(send);
    const before = await headOf(k);
    const { status, text } = await run();
    assert.ok(status < 300, `${name}: ${status} ${text}`);
    const records = await recordsAfter(k, before);
    assert.deepEqual(
      records.map(({ eventName, sourceIpAddress }) => [eventName, sourceIpAddress]),
      [[name, '127.0.0.1']],
    );
    if (name === 'DeleteMultipleObjects')
      assert.deepEqual(records[0].referencedResources['ACS::OSS::Object'], [
        'images/a',
        'images/b',
      ]);
  }
});

const TUS = { 'tus-resumable': '1.0.0' };
const bytes = Buffer.from('the bytes of a disk');

/** Method of `/uploads/:secret` → what it ends with, and the record of that. */
const UPLOADS: Readonly<
  Record<string, { eventName: string; run: (url: string) => Promise<Response> }>
> = {
  PUT: { eventName: 'UploadFinished', run: (url) => fetch(url, { method: 'PUT', body: bytes }) },
  PATCH: {
    eventName: 'UploadFinished',
    run: (url) =>
      fetch(url, {
        method: 'PATCH',
        headers: {
          ...TUS,
          'content-type': 'application/offset+octet-stream',
          'upload-offset': '0',
        },
        body: bytes,
      }),
  },
  DELETE: {
    eventName: 'UploadDeleted',
    run: (url) => fetch(url, { method: 'DELETE', headers: TUS }),
  },
};

test('of the paths, only uploads change anything', async (t) => {
  const k = await kindred(t);
  const app = fastify();
  const found: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat())
      if (!['GET', 'HEAD', 'OPTIONS'].includes(one)) found.push(`${one} ${url}`);
  });
  for (const register of PATHS) register(app, { kindred: k.kindred, isDraining: () => false });
  await app.ready();
  assert.deepEqual(
    found.toSorted(),
    Object.keys(UPLOADS)
      .map((method) => `${method} /uploads/:secret`)
      .toSorted(),
  );
  await app.close();
});

const endOf = async ({ k }: UploadScene, uploadId: string, run: () => Promise<unknown>) => {
  const before = await headOf(k);
  await run();
  const records = await recordsAfter(k, before);
  assert.equal(records.length, 1);
  assert.deepEqual(records[0].referencedResources['ACS::Kindred::Upload'], [uploadId]);
  assert.equal(records[0].recipientAccountId, k.accountId);
  return records[0];
};

for (const [method, { eventName, run }] of Object.entries(UPLOADS))
  test(`${method} to the address of an upload leaves one record of who came from where`, async (t) => {
    const scene = await uploadScene(t);
    const { url, uploadId } = await scene.create(bytes.length);
    const record = await endOf(scene, uploadId, async () =>
      assert.ok((await run(url)).status < 300),
    );
    assert.deepEqual(
      [record.eventName, record.sourceIpAddress, record.userIdentity.principalId, record.errorCode],
      [eventName, '127.0.0.1', `upload/${uploadId}`, undefined],
    );
    assert.ok(record.userAgent);
    assert.ok(!JSON.stringify(record).includes(url.split('/').at(-1)!), 'the address is a secret');
  });

test('an upload that comes to nothing, or to its time, is recorded too', async (t) => {
  const scene = await uploadScene(t);
  const { k, create } = scene;
  const Sha256 = createHash('sha256').update('others').digest('hex');
  const failing = await create(bytes.length, { Sha256 });
  const failed = await endOf(scene, failing.uploadId, () =>
    fetch(failing.url, { method: 'PUT', body: bytes }),
  );
  assert.deepEqual([failed.eventName, failed.errorCode], ['UploadFailed', 'UploadFailed']);
  assert.match(failed.errorMessage, /was promised/);
  const left = await create(bytes.length);
  k.clock.advance(UPLOAD_MS + 1);
  const expired = await endOf(scene, left.uploadId, () => k.kindred.uploads.sweep());
  assert.deepEqual(
    [expired.eventName, expired.eventType, expired.userIdentity.type, expired.sourceIpAddress],
    ['UploadExpired', 'ServiceEvent', 'system', undefined],
  );
});

test('a pass of the sweep that removes something leaves one record, another one none', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.importImage({ ImageName: 'web-1' });
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId, Force: 'true' });
  const { Snapshots } = await k.call('DescribeSnapshots', { RegionId: REGION });
  for (const { SnapshotId } of Snapshots.Snapshot) await k.call('DeleteSnapshot', { SnapshotId });
  const before = await headOf(k);
  await k.kindred.jobs.sweep();
  await k.kindred.jobs.sweep();
  const swept = await recordsAfter(k, before);
  assert.deepEqual(
    swept.map(({ eventName, userIdentity }) => [eventName, userIdentity.principalId]),
    [['GarbageRemoved', 'kindred:sweep']],
  );
  const { counts, freedBytes } = swept[0].additionalEventData;
  assert.deepEqual(counts, { UnreferencedBlob: 1 });
  assert.ok(freedBytes > 0);
});
