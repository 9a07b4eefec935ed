// Uploads in parts, where requests of one upload meet each other, the sweep, or a clock that went on.
import assert from 'node:assert/strict';
import { readdirSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOssScene } from '../../testing/oss-scene.ts';

type Scene = Awaited<ReturnType<typeof openOssScene>>;

const PART_BYTES = 100 * 1024;
const partOf = (letter: string): string => letter.repeat(PART_BYTES);

const begin = async ({ send }: Scene, key: string): Promise<string> => {
  const { text } = await send('POST', `/images/${key}?uploads`);
  return /<UploadId>(\w+)</.exec(text)?.[1] ?? '';
};

const putPart = ({ send }: Scene, path: string, number: number, body: string) =>
  send('PUT', `${path}&partNumber=${number}`, { body });

const complete = ({ send }: Scene, path: string, parts: readonly (readonly [number, unknown])[]) =>
  send('POST', path, {
    body: `<CompleteMultipartUpload>${parts
      .map(([n, etag]) => `<Part><PartNumber>${n}</PartNumber><ETag>${String(etag)}</ETag></Part>`)
      .join('')}</CompleteMultipartUpload>`,
  });

const open = async (t: Parameters<typeof openOssScene>[0], key = 'disk') => {
  const scene = await openOssScene(t);
  await scene.send('PUT', '/images');
  const uploadId = await begin(scene, key);
  return { scene, uploadId, path: `/images/${key}?uploadId=${uploadId}` };
};

test('one part sent many times at once is one of them, whole', async (t) => {
  const { scene, path } = await open(t);
  const letters = 'abcdefghij'.split('');
  const sent = await Promise.all(letters.map((one) => putPart(scene, path, 1, partOf(one))));
  assert.deepEqual(new Set(sent.map(({ status }) => status)), new Set([200]));
  const { text } = await scene.send('GET', path);
  const kept = [...text.matchAll(/<ETag>(?:"|&quot;)(\w+)/g)].map(([, etag]) => `"${etag}"`);
  assert.equal(kept.length, 1);
  const winner = letters[sent.findIndex(({ headers }) => headers.etag === kept[0])];
  assert.equal((await complete(scene, path, [[1, kept[0]]])).status, 200);
  assert.equal((await scene.send('GET', '/images/disk')).text, partOf(winner ?? ''));
  assert.deepEqual(readdirSync(join(scene.root, 'images')), ['disk']);
});

test('parts tell their CRC-64 in the list too, except those that an older version kept', async (t) => {
  const { scene, path, uploadId } = await open(t);
  const { headers } = await putPart(scene, path, 1, partOf('x'));
  await putPart(scene, path, 2, partOf('y'));
  const folder = join(scene.root, 'images', `.kindred-parts-${uploadId.toLowerCase()}`);
  const second = readdirSync(folder).find((name) => name.startsWith('00002.')) ?? '';
  renameSync(join(folder, second), join(folder, second.replace(/\.\d+$/, '')));
  const { text } = await scene.send('GET', path);
  const sums = [...text.matchAll(/<HashCrc64ecma>(\d+)</g)].map(([, sum]) => sum);
  assert.deepEqual(sums, [headers['x-oss-hash-crc64ecma']]);
  assert.equal(text.split('<Part>').length - 1, 2);
});

test('an upload is completed once, and later parts find it gone', async (t) => {
  const { scene, path } = await open(t);
  const parts = await Promise.all(
    [1, 2, 3].map(
      async (n) => [n, (await putPart(scene, path, n, partOf('x'))).headers.etag] as const,
    ),
  );
  const answers = await Promise.all([
    complete(scene, path, parts),
    complete(scene, path, parts),
    putPart(scene, path, 2, partOf('y')),
    scene.send('DELETE', path),
  ]);
  const codes = answers.map(({ status, code }) => (status < 300 ? 'done' : code));
  assert.ok(codes.slice(0, 2).includes('done'), codes.join());
  for (const code of codes) assert.match(code, /^(done|NoSuchUpload|InvalidPart)$/);
  assert.equal(codes.filter((code, i) => i < 2 && code === 'done').length, 1);
  assert.equal((await putPart(scene, path, 4, partOf('z'))).code, 'NoSuchUpload');
  assert.equal((await scene.send('GET', '/images/disk')).text.length, 3 * PART_BYTES);
  assert.deepEqual(readdirSync(join(scene.root, 'images')), ['disk']);
});

test('an upload that nobody completes is told by Fsck, and goes in its time', async (t) => {
  const { scene, uploadId, path } = await open(t);
  await putPart(scene, path, 1, partOf('x'));
  const { k, root } = scene;
  const folder = join(root, 'images', `.kindred-parts-${uploadId.toLowerCase()}`);
  const seconds = k.clock.wallMs() / 1000;
  const age = (): void => {
    for (const name of ['.', ...readdirSync(folder)])
      utimesSync(join(folder, name), seconds, seconds);
  };
  age();
  const { DifferenceCount, LeftoverCount, Leftovers } = await k.call('Fsck');
  assert.deepEqual([DifferenceCount, LeftoverCount], [0, 1]);
  const [{ Bucket, Object: key, UploadId, SizeBytes }] = Leftovers.Leftover;
  assert.deepEqual([Bucket, key, UploadId], ['images', 'disk', uploadId]);
  assert.ok(SizeBytes > PART_BYTES);
  k.clock.advance(6 * 24 * 3600_000);
  await k.kindred.jobs.sweep();
  assert.equal((await scene.send('GET', path)).status, 200);
  k.clock.advance(2 * 24 * 3600_000);
  await k.kindred.jobs.sweep();
  assert.equal((await scene.send('GET', path)).code, 'NoSuchUpload');
  assert.deepEqual(readdirSync(join(root, 'images')), []);
  assert.equal((await k.call('Fsck')).LeftoverCount, 0);
});

test('answers carry the CRC-64 of what is kept', async (t) => {
  const { scene, path } = await open(t);
  const crcOf = ({ headers }: { headers: object }) =>
    (headers as Record<string, string>)['x-oss-hash-crc64ecma'];
  assert.equal(
    crcOf(await scene.send('PUT', '/images/a', { body: '123456789' })),
    '11051210869376104954',
  );
  for (const method of ['GET', 'HEAD'])
    assert.equal(crcOf(await scene.send(method, '/images/a')), '11051210869376104954');
  const copied = { headers: { 'x-oss-copy-source': '/images/a' } };
  assert.equal(crcOf(await scene.send('PUT', '/images/b', copied)), '11051210869376104954');
  const part = await putPart(scene, path, 1, '123456789');
  assert.equal(crcOf(part), '11051210869376104954');
  const whole = await complete(scene, path, [[1, part.headers.etag]]);
  assert.equal(crcOf(whole), '11051210869376104954');
});
