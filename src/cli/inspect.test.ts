import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeQcow2, makeRaw, makeVhdFixed } from '../testing/disk-images.ts';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-inspect-'));
});
after(() => rmSync(folder, { recursive: true }));

const options = { virtualSizeBytes: 2 ** 20, guestData: { seed: 4, sizeBytes: 8192 } };

const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const run = async (...argv: string[]) => {
  const io = captureIo();
  const exitCode = await runCommand(['inspect', ...argv], io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

const json = async (...argv: string[]) => {
  const { exitCode, stdout } = await run('--json', ...argv);
  return [exitCode, JSON.parse(stdout) as unknown];
};

test('a sound image is accepted, whatever its name and the case of its format', async () => {
  const path = file('disk.raw', makeQcow2(options));
  const accepted = { verdict: 'accept', reason: null, format: 'qcow2', virtualSize: 2 ** 20 };
  assert.deepEqual(await json(path), [0, accepted]);
  assert.deepEqual(await json('--format', 'QCOW2', path), [0, accepted]);
  const { exitCode, stdout } = await run('--format', 'vpc', file('disk', makeVhdFixed(options)));
  assert.equal(exitCode, 0);
  assert.match(stdout, /disk: accepted \(vhd, virtual size 1048576 bytes\)\n$/);
});

test('a refused image has exit code 1, its reason, and what it claims', async () => {
  const image = makeQcow2(options);
  new DataView(image.buffer).setBigUint64(8, 512n);
  const path = file('backed', image);
  const refused = {
    verdict: 'reject',
    reason: 'QCOW2_BACKING_FILE',
    format: 'qcow2',
    virtualSize: 2 ** 20,
  };
  assert.deepEqual(await json(path), [1, refused]);
  assert.match((await run(path)).stdout, /QCOW2_BACKING_FILE: .*flatten/);
  const huge = makeQcow2(options);
  new DataView(huge.buffer).setBigUint64(24, 2n ** 64n - 1n);
  const claim = {
    verdict: 'reject',
    reason: 'VIRTUAL_SIZE_LIMIT',
    format: 'qcow2',
    virtualSize: '18446744073709551615',
  };
  assert.deepEqual(await json(file('huge', huge)), [1, claim]);
  const nothing = { verdict: 'reject', reason: 'EMPTY', format: null, virtualSize: null };
  assert.deepEqual(await json(file('empty', new Uint8Array())), [1, nothing]);
});

test('several files have a line each, and a warning is told', async () => {
  const odd = makeRaw(options).subarray(0, -1);
  const { exitCode, stdout } = await run('--json', file('odd', odd), file('raw', makeRaw(options)));
  assert.equal(exitCode, 0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { reason: unknown });
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    ['RAW_SIZE_NOT_SECTOR_MULTIPLE', null],
  );
  assert.match((await run(join(folder, 'odd'))).stdout, /warning RAW_SIZE_NOT_SECTOR_MULTIPLE: /);
});

test('wrong usage has exit code 2, what cannot be read exit code 1', async () => {
  for (const argv of [[], ['--format', 'vdi', 'x'], ['--quick', 'x']])
    assert.equal((await run(...argv)).exitCode, 2, argv.join(' '));
  const missing = await run(join(folder, 'missing'));
  assert.deepEqual([missing.exitCode, missing.stdout], [1, '']);
  assert.match(missing.stderr, /missing cannot be read: ENOENT\.\n$/);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of [folder, pipe]) {
    const { exitCode, stderr } = await run(path);
    assert.equal(exitCode, 1);
    assert.match(stderr, /is not a regular file\. .* save it to a file first\./);
  }
});
