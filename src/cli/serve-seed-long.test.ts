// `kindred serve --seed`, as the command does it, on a real data directory and in a real process.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readServeConfig } from '../server/config.ts';
import { startServing } from '../server/serve.ts';
import { serveSeed } from './serve-seed.ts';

const furnish = (t: TestContext) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-seed-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const seed = join(root, 'seed.json');
  const start = (text: string, ...flags: string[]) => {
    writeFileSync(seed, text);
    const usual = ['--listen=127.0.0.1:0', '--log-level=silent', `--seed=${seed}`];
    const config = readServeConfig([...usual, ...flags], {});
    return startServing(config, {}, (kindred, dataDir) => serveSeed(kindred, dataDir, config));
  };
  return { root, start };
};
const WEB = '{"Images":[{"ImageName":"web-1","ImageFamily":"web"}]}';
const namesOf = async ({ kindred }: Awaited<ReturnType<typeof startServing>>) => {
  const { store } = kindred.house;
  const [scope] = await store.read((tx) => tx.accountRegions());
  const { rows } = await store.read((tx) => tx.images(scope!, {}, { limit: 10, offset: 0 }));
  return rows.map(({ imageName, status }) => `${imageName} ${status}`);
};

test('a server begins with its seed, and a later start leaves what is there', async (t) => {
  const { root, start } = furnish(t);
  const flags = [`--data=${join(root, 'data')}`, '--test-controls'];
  const first = await start(WEB, ...flags);
  assert.deepEqual(await namesOf(first), ['web-1 Available']);
  await first.stop();
  const second = await start('{"Images":[{"ImageName":"web-2"}]}', ...flags);
  assert.deepEqual(await namesOf(second), ['web-1 Available']);
  await second.stop();
});

test('what is wrong with the seed is a refusal to start, with its place', async (t) => {
  const { root, start } = furnish(t);
  const refused = (text: string, ...flags: string[]) =>
    start(text, ...flags).then(
      async (serving) => {
        await serving.stop();
        return 'started';
      },
      (error: Error) => `${error.name}: ${error.message}`,
    );
  assert.match(
    await refused('{"Images":[{"ImageNam":"a"}]}', '--ephemeral'),
    /^StartRefused: --seed .*seed\.json: Images\[0\]\.ImageNam: there is no such key/,
  );
  assert.match(await refused('{', '--ephemeral'), /^UsageError: .* cannot be read as JSON/);
  assert.match(
    await refused(WEB, `--data=${join(root, 'registry')}`),
    /^StartRefused: --seed .*: A seed gives out chosen ids/,
  );
});
