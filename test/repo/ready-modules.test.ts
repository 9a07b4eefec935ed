// Which modules are loaded when `serve` is ready. Start-up is loading: what a server does not need to
// answer its first call is loaded at its first use.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../../src/testing/server.ts';

const NOT_YET: Readonly<Record<string, RegExp>> = {
  'an operation': /\/src\/operations\/\w+\//,
  'the names of the vendor': /\/vendor-actions\.ts$/,
  fastify: /\/node_modules\/fastify\//,
  'prom-client': /\/node_modules\/prom-client\//,
  'the client': /\/src\/client\//,
  'the job engine': /\/src\/jobs\//,
  'the disk inspector': /\/src\/disk\//,
  'the demo': /\/demo(-sdk)?\.ts$/,
  'a testing module': /\/src\/testing\//,
  'an SDK': /\/node_modules\/@alicloud\//,
  'the S3 SDK': /\/node_modules\/@(aws-sdk|smithy)\/|\/src\/blobs\/s3\/(?!settings)/,
};
/** Files of ours; more at ready means that somebody should look why. */
const MOST_OWN_MODULES = 180;

test('a server that is ready has loaded what it needs and no more', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-modules-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const record = join(folder, 'modules');
  await startServer(t, {
    env: {
      NODE_OPTIONS: `--import=${new URL('./record-modules.ts', import.meta.url).href}`,
      KINDRED_TEST_MODULES: record,
    },
  });
  const loaded = [...new Set(readFileSync(record, 'utf8').trim().split('\n'))];
  assert.ok(
    loaded.some((url) => url.endsWith('/src/server/pipeline.ts')),
    'the record is empty',
  );
  for (const [what, pattern] of Object.entries(NOT_YET))
    assert.deepEqual(
      loaded.filter((url) => pattern.test(url)),
      [],
      `${what} is loaded at ready`,
    );
  const own = loaded.filter((url) => url.startsWith('file:') && !url.includes('/node_modules/'));
  t.diagnostic(`${own.length} modules of ours at ready, ${loaded.length} in all`);
  assert.ok(own.length <= MOST_OWN_MODULES, own.join('\n'));
});
