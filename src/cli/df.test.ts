// The command against a server, and against the data directory that it leaves.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCliScene } from '../testing/cli-scene.ts';
import { makeQcow2 } from '../testing/disk-images.ts';
import { bytesText } from './progress.ts';

test('df prints tables, JSON on request, and warnings on standard error', async (t) => {
  const { data, run, stop } = await openCliScene(t, '--quota=imagesPerRegion=1');
  mkdirSync(join(data, 'buckets/golden'), { recursive: true });
  const bytes = makeQcow2({
    virtualSizeBytes: 1024 ** 3,
    guestData: { seed: 1, sizeBytes: 65_536 },
  });
  writeFileSync(join(data, 'buckets/golden/disk.qcow2'), bytes);
  const mapping = 'OSSBucket=golden,OSSObject=disk.qcow2';
  const imported = await run(
    'import-image',
    '--region-id=cn-hangzhou',
    `--disk-device-mapping=${mapping}`,
    '--wait',
  );
  assert.equal(imported.exitCode, 0, imported.stderr);

  const shown = await run('df');
  assert.equal(shown.exitCode, 0, shown.stderr);
  const size = bytesText(bytes.length).replaceAll('.', '\\.');
  assert.match(shown.stdout, new RegExp(`^\\(no family\\) +${size} +0 \\S+ +1 +cn-hangzhou$`, 'm'));
  assert.match(shown.stdout, new RegExp(`^cn-hangzhou +${size} .* 1/1 +0/100$`, 'm'));
  assert.match(shown.stdout, new RegExp(`^total +${size} `, 'm'));
  assert.match(shown.stdout, /^STORE +FREE +OF$/m);
  assert.match(shown.stderr, /^warning: cn-hangzhou: 100 % of the images used \(1 of 1\)\n/);

  const json = await run('df', '--json', '--region', 'cn-beijing');
  assert.equal(JSON.parse(json.stdout).Total.SizeBytes, 0);
  const unknown = await run('df', '--region', 'cn-nowhere');
  assert.equal(unknown.exitCode, 1);
  assert.match(unknown.stderr, /InvalidRegionId\.NotFound/);
  assert.equal((await run('df', '--rgion', 'x')).exitCode, 2);

  await stop();
  const offline = await run('df', '--json');
  assert.equal(offline.exitCode, 0, offline.stderr);
  assert.equal(JSON.parse(offline.stdout).Total.SizeBytes, bytes.length);
});
