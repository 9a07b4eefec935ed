import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  makeQcow2,
  makeRaw,
  makeVhdDynamic,
  makeVhdFixed,
  makeVmdk,
  type ImageOptions,
} from './disk-images.ts';

const isMissing = spawnSync('qemu-img', ['--version']).error !== undefined;
const skip = isMissing ? 'qemu-img is not installed' : false;

const makers: readonly [name: string, format: string, make: (o: ImageOptions) => Uint8Array][] = [
  ['qcow2', 'qcow2', makeQcow2],
  ['qcow2 of 512-byte clusters', 'qcow2', (o) => makeQcow2({ ...o, clusterBits: 9 })],
  ['qcow2 of 2 MiB clusters', 'qcow2', (o) => makeQcow2({ ...o, clusterBits: 21 })],
  ['fixed vhd', 'vpc', makeVhdFixed],
  ['dynamic vhd', 'vpc', makeVhdDynamic],
  ['vmdk', 'vmdk', makeVmdk],
];

test('the same seed makes the same bytes, another seed others', () => {
  const options = { virtualSizeBytes: 2 ** 20, guestData: { seed: 1, sizeBytes: 100_000 } };
  const other = { ...options, guestData: { seed: 2, sizeBytes: 100_000 } };
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  for (const [name, , make] of makers) {
    assert.equal(hash(make(options)), hash(make(options)), name);
    assert.notEqual(hash(make(options)), hash(make(other)), name);
  }
});

test('sizes that make no disk are refused', () => {
  const guestData = new Uint8Array(1024);
  for (const virtualSizeBytes of [0, -512, 513, 512])
    assert.throws(() => makeRaw({ virtualSizeBytes, guestData }), RangeError);
});

for (const [name, format, make] of makers)
  test(`qemu-img finds a made ${name} sound and equal to its raw disk`, { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'kindred-made-'));
    const qemu = (...args: string[]) =>
      execFileSync('qemu-img', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    for (const virtualSizeBytes of [512, 2 ** 20, 40 * 2 ** 20 + 512]) {
      const sizeBytes = Math.min(virtualSizeBytes, 3 * 2 ** 20 + 77);
      const options = { virtualSizeBytes, guestData: { seed: 6, sizeBytes } };
      writeFileSync(join(folder, 'image'), make(options));
      writeFileSync(join(folder, 'raw'), makeRaw(options));
      if (format !== 'vpc') assert.match(qemu('check', '-f', format, 'image'), /No errors/);
      assert.match(qemu('compare', '-f', format, '-F', 'raw', 'image', 'raw'), /identical/);
      const info = qemu('info', '--output=json', '-f', format, 'image');
      assert.ok(info.includes(`"virtual-size": ${virtualSizeBytes},`), info);
    }
    rmSync(folder, { recursive: true });
  });
