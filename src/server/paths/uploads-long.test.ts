// What takes its time: a client that vanished without a word, and a thousand uploads at once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { uploadScene } from '../../testing/upload-scene.ts';

const TUS = { 'tus-resumable': '1.0.0' };

test('a writer that has been silent gives way to the next', async (t) => {
  const { create, object } = await uploadScene(t);
  const bytes = randomBytes(600_000);
  const { url } = await create(bytes.length);
  const { hostname, port, pathname } = new URL(url);
  const first = connect(Number(port), hostname);
  t.after(() => first.destroy());
  first.on('error', () => undefined);
  first.write(
    `PATCH ${pathname} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: 0\r\ncontent-length: ${bytes.length}\r\n\r\n`,
  );
  first.write(bytes.subarray(0, 300_000));
  await sleep(5_500);
  const head = await fetch(url, { method: 'HEAD', headers: TUS });
  assert.equal(head.headers.get('upload-offset'), '300000');
  const rest = await fetch(url, {
    method: 'PATCH',
    headers: {
      ...TUS,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '300000',
    },
    body: bytes.subarray(300_000),
  });
  assert.equal(rest.status, 204);
  assert.ok(object().equals(bytes));
});

test('a thousand uploads at once leave the server in small memory, and all go at the end', async (t) => {
  const { create, k } = await uploadScene(t, { quotas: { openUploads: 1_000 } });
  const urls: string[] = [];
  for (let i = 0; i < 1_000; i++)
    urls.push((await create(100_000, { Object: `disk-${i}.raw` })).url);
  assert.equal((await k.refused('CreateUpload', BUILDS)).code, 'QuotaExceed.Upload');
  const body = randomBytes(100_000);
  const beforeBytes = process.memoryUsage().rss;
  const put = async (url: string): Promise<number> =>
    (await fetch(url, { method: 'PUT', body })).status;
  const statuses: number[] = [];
  for (let at = 0; at < urls.length; at += 100)
    statuses.push(...(await Promise.all(urls.slice(at, at + 100).map(put))));
  assert.deepEqual(new Set(statuses), new Set([201]));
  const grownMib = (process.memoryUsage().rss - beforeBytes) / 2 ** 20;
  t.diagnostic(`${grownMib.toFixed(0)} MiB more resident memory, client and server in one process`);
  assert.ok(grownMib < 400);
});

const BUILDS = { Bucket: 'builds', Object: 'one-more.raw', SizeBytes: '5' };
