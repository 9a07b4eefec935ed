// QEMU as the oracle: images that qemu-img makes with all its legal options are accepted, with the
// format and the virtual size that it reports itself. No false rejects, extended L2 entries
// excepted, which are refused by policy.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeRaw } from '../testing/disk-images.ts';
import { inspect, type Verdict } from './inspect.ts';
import { fileReader } from './reader.ts';

const isMissing = spawnSync('qemu-img', ['--version']).error !== undefined;
const skip = isMissing ? 'qemu-img is not installed' : false;
const MIB = 2 ** 20;

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-disk-'));
});
after(() => rmSync(folder, { recursive: true }));

const qemu = (...args: string[]) =>
  execFileSync('qemu-img', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

function inspectFile(name: string): Verdict {
  const fd = openSync(join(folder, name), 'r');
  try {
    return inspect(fileReader(fd, fstatSync(fd).size));
  } finally {
    closeSync(fd);
  }
}

/** Compares our verdict with what qemu-img says of the same file. */
function agree(name: string, qemuFormat: string, what: string): void {
  const info: unknown = JSON.parse(qemu('info', '--output=json', '-f', qemuFormat, name));
  assert.ok(typeof info === 'object' && info !== null && 'virtual-size' in info);
  const verdict = inspectFile(name);
  const format = qemuFormat === 'vpc' ? 'vhd' : qemuFormat;
  assert.equal(verdict.verdict, 'accepted', `${what}: ${JSON.stringify(verdict)}`);
  assert.equal(verdict.format, format, what);
  assert.equal(verdict.virtualSizeBytes, info['virtual-size'], what);
}

/** Writes guest disks of sizes that end within a cluster, a grain, a block; answers their names. */
function writeSources(): string[] {
  const sizes = [MIB + 512, 3 * MIB - 512];
  return sizes.map((virtualSizeBytes, i) => {
    const full = makeRaw({ virtualSizeBytes, guestData: { seed: i, sizeBytes: virtualSizeBytes } });
    full.fill(0, virtualSizeBytes / 4, virtualSizeBytes / 2); // holes
    full.fill(0x41, virtualSizeBytes / 2, (virtualSizeBytes * 3) / 4); // what compresses
    writeFileSync(join(folder, `source-${i}`), full);
    return `source-${i}`;
  });
}

const qcow2Options = [
  ...[512, 4096, 65536, 2 * MIB].map((size) => `cluster_size=${size}`),
  'compat=0.10',
  'compat=1.1,lazy_refcounts=on',
  'compression_type=zstd',
  ...[1, 2, 8, 32, 64].map((bits) => `refcount_bits=${bits}`),
  'cluster_size=512,refcount_bits=64',
  'cluster_size=2M,compression_type=zstd',
];
const preallocations = ['off', 'metadata', 'falloc', 'full'];

test('qcow2 images converted by qemu-img are accepted', { skip }, () => {
  const [first, second] = writeSources();
  assert.ok(first !== undefined && second !== undefined);
  for (const options of qcow2Options) {
    qemu('convert', '-f', 'raw', '-O', 'qcow2', '-o', options, first, 'out');
    agree('out', 'qcow2', `${first} ${options}`);
    qemu('convert', '-f', 'raw', '-O', 'qcow2', '-c', '-o', options, second, 'out');
    agree('out', 'qcow2', `${second} ${options} compressed`);
  }
  for (const source of [first, second]) {
    for (const preallocation of preallocations) {
      qemu('convert', '-O', 'qcow2', '-o', `preallocation=${preallocation}`, source, 'out');
      agree('out', 'qcow2', `${source} preallocation=${preallocation}`);
    }
  }
});

test('empty, resized and written qcow2 images are accepted', { skip }, () => {
  for (const size of ['512', '65024', '1M', '1G', '33G', '2048G']) {
    for (const options of ['compat=0.10', 'compat=1.1', 'cluster_size=2M', 'cluster_size=64K']) {
      qemu('create', '-f', 'qcow2', '-o', options, 'out', size);
      agree('out', 'qcow2', `${size} ${options}`);
    }
  }
  for (const preallocation of preallocations.slice(0, 3)) {
    qemu('create', '-f', 'qcow2', '-o', `preallocation=${preallocation}`, 'out', '20000000');
    agree('out', 'qcow2', `created with preallocation=${preallocation}`);
    qemu('resize', '-f', 'qcow2', 'out', '1500M');
    agree('out', 'qcow2', `grown with preallocation=${preallocation}`);
    qemu('resize', '-f', 'qcow2', '--shrink', 'out', '3M');
    agree('out', 'qcow2', `shrunk with preallocation=${preallocation}`);
  }
  qemu('create', '-f', 'qcow2', 'out', '10M');
  qemu('bitmap', '--add', '-f', 'qcow2', 'out', 'changes');
  agree('out', 'qcow2', 'with a bitmap');
  qemu('create', '-f', 'qcow2', 'out', '10M');
  qemu('snapshot', '-c', 'old', 'out');
  qemu('snapshot', '-d', 'old', 'out');
  agree('out', 'qcow2', 'snapshot made and deleted');
});

test('images with a policy against them are refused with their reason', { skip }, () => {
  const expectReason = (reason: string) => {
    const verdict = inspectFile('out');
    assert.equal(verdict.verdict === 'refused' && verdict.reason, reason);
  };
  qemu('create', '-f', 'qcow2', '-o', 'extended_l2=on', 'out', '10M');
  expectReason('QCOW2_UNKNOWN_FEATURE');
  qemu('create', '-f', 'qcow2', 'base', '10M');
  qemu('create', '-f', 'qcow2', '-b', 'base', '-F', 'qcow2', 'out');
  expectReason('QCOW2_BACKING_FILE');
  qemu('create', '-f', 'qcow2', '-o', 'data_file=data,data_file_raw=on', 'out', '10M');
  expectReason('QCOW2_DATA_FILE');
  const secret = ['--object', 'secret,id=s,data=abcd'];
  const aes = 'encrypt.format=aes,encrypt.key-secret=s';
  qemu('create', ...secret, '-f', 'qcow2', '-o', aes, 'out', '10M');
  expectReason('QCOW2_ENCRYPTED');
  qemu('create', '-f', 'qcow2', 'out', '10M');
  qemu('snapshot', '-c', 'old', 'out');
  expectReason('QCOW2_SNAPSHOTS');
  qemu('create', '-f', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', 'out.vmdk', '10M');
  execFileSync('mv', ['out.vmdk', 'out'], { cwd: folder });
  expectReason('VMDK_SUBFORMAT');
  for (const format of ['vdi', 'qed', 'parallels', 'vhdx']) {
    qemu('create', '-f', format, 'out', '10M');
    expectReason('FORMAT_UNSUPPORTED');
  }
});

test('vhd and vmdk images made by qemu-img are accepted', { skip }, () => {
  const vpc = ['fixed', 'dynamic'].flatMap((subformat) =>
    ['on', 'off'].map((force) => `subformat=${subformat},force_size=${force}`),
  );
  const vmdk = ['monolithicSparse', 'streamOptimized'].flatMap((subformat) =>
    ['', ',zeroed_grain=on', ',compat6=on', ',adapter_type=lsilogic'].map(
      (more) => `subformat=${subformat}${more}`,
    ),
  );
  for (const source of writeSources()) {
    for (const options of vpc) {
      qemu('convert', '-f', 'raw', '-O', 'vpc', '-o', options, source, 'out');
      agree('out', 'vpc', `${source} ${options}`);
    }
    for (const options of vmdk) {
      qemu('convert', '-f', 'raw', '-O', 'vmdk', '-o', options, source, 'out');
      agree('out', 'vmdk', `${source} ${options}`);
    }
  }
  for (const size of ['3M', '1G', '100G', '2040G']) {
    qemu('create', '-f', 'vpc', '-o', 'force_size=on', 'out', size);
    agree('out', 'vpc', `empty vpc ${size}`);
    qemu('create', '-f', 'vmdk', 'out', size);
    agree('out', 'vmdk', `empty vmdk ${size}`);
  }
});
