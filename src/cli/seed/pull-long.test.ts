// `kindred seed pull` from a Kindred that stands for the cloud: what it asks, what it writes, and that
// another Kindred makes the same of it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSettings } from '../../client/settings.ts';
import { openCliScene } from '../../testing/cli-scene.ts';
import { captureIo } from '../captured-io.ts';
import { runCommand } from '../main.ts';

type Scene = Awaited<ReturnType<typeof openCliScene>>;

const SEED = {
  Accounts: [{ AccountName: 'build-team', AccountId: '1234567890123456' }],
  Images: [
    ...Array.from({ length: 120 }, (_, i) => ({
      ImageName: `nightly-${i}`,
      ImageFamily: i % 2 === 0 ? 'even' : 'odd',
      CreationTime: `2026-01-01T00:${String(i % 60).padStart(2, '0')}:00Z`,
    })),
    {
      ImageName: 'golden',
      Platform: 'Ubuntu',
      Architecture: 'arm64',
      Status: 'Deprecated',
      Tags: [{ Key: 'env', Value: 'test' }],
      DiskDeviceMappings: [{}, { Size: 100 }, { Size: 5, SnapshotId: '' }],
    },
    { ImageName: 'shared', Accounts: ['build-team'] },
    { ImageName: 'open', IsPublic: true },
    { ImageName: 'failed', Status: 'CreateFailed' },
    { ImageName: 'of-others', AccountName: 'build-team' },
  ],
};

/** A door before the server that writes down what is asked, and now and then asks for patience. */
const openDoor = async (t: TestContext, url: () => string) => {
  const actions: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request);
      actions.push(new URLSearchParams(body).get('Action') ?? '');
      if (actions.length === 2) {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end('{"Code":"Throttling.User","Message":"too fast","RequestId":"R"}');
        return;
      }
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const answer = await fetch(url(), { method: 'POST', headers, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { actions, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const applyTo = async (scene: Scene, text: string): Promise<void> => {
  const file = join(scene.root, 'seed.json');
  writeFileSync(file, text);
  const ran = await scene.run('seed', 'apply', file);
  assert.equal(ran.exitCode, 0, ran.stderr);
};
const exportOf = async (scene: Scene) => JSON.parse((await scene.run('seed', 'export')).stdout);

test('what is pulled is what is there, and is made again elsewhere', async (t) => {
  const cloud = await openCliScene(t, '--test-controls');
  await applyTo(cloud, JSON.stringify(SEED));
  const door = await openDoor(t, () => cloud.url);
  const { key } = readSettings({ data: join(cloud.root, 'data') }, {}, '/nonexistent');
  const pull = async (...words: string[]) => {
    const io = captureIo({
      environment: {
        ALIBABA_CLOUD_ACCESS_KEY_ID: key!.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: key!.accessKeySecret,
      },
    });
    const all = ['seed', 'pull', '--region', 'cn-hangzhou', '--endpoint', door.url, ...words];
    assert.equal(await runCommand(all, io), 0, io.stderr);
    return io.stdout;
  };
  const text = await pull('--shares');
  assert.deepEqual(
    [...new Set(door.actions)].toSorted(),
    ['DescribeImageSharePermission', 'DescribeImages'],
    'nothing but what describes is ever asked',
  );
  // The images of others belong to another account of the cloud.
  const named = JSON.parse(
    JSON.stringify(await exportOf(cloud)).replaceAll('"build-team"', '"account-1234567890123456"'),
  );
  const own = named.Images.filter(({ AccountName }: { AccountName?: string }) => !AccountName);
  const elsewhere = await openCliScene(t, '--test-controls');
  await applyTo(elsewhere, text);
  const made = await exportOf(elsewhere);
  assert.deepEqual(made, { ...named, Images: own });
  assert.equal(own.length, 124);

  const odd = JSON.parse(await pull('--family', 'odd'));
  assert.equal(odd.Images.length, 60);
  const anonymous = await pull('--shares', '--anonymise-names');
  const fresh = await openCliScene(t, '--test-controls');
  await applyTo(fresh, anonymous);
  assert.doesNotMatch(anonymous, /nightly|golden|build-team|1234567890123456|"env"/);
  const ids = new Set(own.map(({ ImageId }: { ImageId: string }) => ImageId));
  for (const { ImageId } of JSON.parse(anonymous).Images) assert.ok(!ids.has(ImageId));
});

test('it takes no key that was not meant for the cloud', async (t) => {
  const scene = await openCliScene(t);
  const ran = await scene.run('seed', 'pull', '--region', 'cn-hangzhou');
  assert.equal(ran.exitCode, 2);
  assert.match(ran.stderr, /needs a key of the account/);
  const io = captureIo({
    environment: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'a', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'b' },
  });
  assert.equal(await runCommand(['seed', 'pull'], io), 2);
  assert.match(io.stderr, /Name a region/);
  assert.equal(await runCommand(['seed', 'pull', '--region', 'x.evil/'], io), 2);
});
