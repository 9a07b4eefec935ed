// What an inspection costs and touches, on real files: under 16 MiB and 100 ms a file, no other file
// opened and no socket made (seen by strace), and QEMU's opinion of what is accepted.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { straceMissing } from '../crash/strace.ts';
import { corpus, fileNameOf, writeCorpus } from './corpus/corpus.ts';
import { AT, COPIED, qcow2Image } from './corpus/qcow2-image.ts';

const MAX_GROWN_BYTES = 16 * 2 ** 20;
const MAX_MS = 100;
const worker = fileURLToPath(new URL('bounds-worker.ts', import.meta.url));
/** The engine's own slack is no memory of an inspection. */
const ENGINE = ['--expose-gc', '--max-semi-space-size=1'];
const isQemuMissing = spawnSync('qemu-img', ['--version']).error !== undefined;

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-corpus-'));
  writeCorpus(folder);
});
after(() => rmSync(folder, { recursive: true }));

/** Adds files that claim much: 2 TiB of holes, a table of 32 MiB, a window of clusters. */
function addLarge(): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as unknown[]; // ours
  const add = (file: string, declaredFormat: string) => manifest.push({ file, declaredFormat });
  writeFileSync(join(folder, 'raw-2-tib'), '');
  truncateSync(join(folder, 'raw-2-tib'), 2 ** 41);
  add('raw-2-tib', 'raw');
  const table = qcow2Image({ clusterBits: 16, guest: null }).u32(36, 2 ** 22);
  table.resize(AT.l1 * 65_536 + 2 ** 25).writeTo(join(folder, 'l1-32-mib'));
  add('l1-32-mib', 'qcow2');
  const small = qcow2Image({ clusterBits: 9, virtualSize: 2 ** 35 });
  small
    .u64(40, 2 ** 20)
    .u64(2 ** 20, BigInt(AT.l2 * 512) | COPIED)
    .resize(2 ** 35);
  small.writeTo(join(folder, 'small-clusters-32-gib'));
  add('small-clusters-32-gib', 'qcow2');
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

const isLinux = process.platform === 'linux';
const boundsSkip = isLinux ? false : 'the kernel does not tell the largest size of a process';

test(
  'an inspection takes at most 16 MiB and 100 ms a file, whatever a header claims',
  { skip: boundsSkip },
  (t) => {
    addLarge();
    const { stdout, status, stderr } = spawnSync(
      process.execPath,
      [...ENGINE, worker, folder, 'memory'],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      slowest: { file: string; ms: number };
      largest: { file: string; bytes: number };
    };
    t.diagnostic(stdout.trim());
    assert.ok(report.largest.bytes <= MAX_GROWN_BYTES, JSON.stringify(report.largest));
    assert.ok(report.slowest.ms <= MAX_MS, JSON.stringify(report.slowest));
  },
);

test('an inspection opens nothing but its file, and no socket', { skip: straceMissing() }, () => {
  const trace = join(folder, 'trace');
  const calls = 'trace=open,openat,openat2,creat,socket,connect,execve,rename,unlink,write';
  const { status, stderr } = spawnSync(
    'strace',
    ['-f', '-qq', '-e', calls, '-o', trace, process.execPath, worker, folder],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const lines = readFileSync(trace, 'utf8').split('\n');
  const begin = lines.findIndex((line) => line.includes('write(1, "begin'));
  assert.ok(begin > 0);
  // Other threads of the engine look at the machine now and then.
  const thread = lines[begin]?.split(' ', 1)[0] ?? '';
  const touched = lines
    .slice(begin)
    .filter((line) => line.startsWith(`${thread} `) && !line.includes('write('));
  const names = new Set(corpus().map(fileNameOf));
  const foreign = touched.filter((line) => {
    const name = /"[^"]*\/([^/"]+)"/.exec(line)?.[1] ?? '';
    return !names.has(name) && !/raw-2-tib|l1-32-mib|small-clusters/.test(name);
  });
  assert.ok(touched.length >= names.size, `${touched.length} files seen`);
  assert.deepEqual(foreign, []);
});

/** qemu-img in a box: no shell, limits on time, memory and output, a named format. */
function boxed(...args: string[]) {
  const limits = ['--cpu=10', `--as=${2 ** 30}`, `--fsize=0`, '--core=0'];
  return spawnSync('prlimit', [...limits, 'qemu-img', ...args], {
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
    maxBuffer: 65_536,
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
  });
}

test(
  'QEMU sees every accepted image as the corpus does',
  { skip: isQemuMissing && 'qemu-img is not installed' },
  () => {
    for (const one of corpus()) {
      if (one.verdict === 'reject') continue;
      const format = one.format === 'vhd' ? 'vpc' : one.format;
      const { status, stdout, stderr } = boxed(
        'info',
        '--output=json',
        '-f',
        format,
        fileNameOf(one),
      );
      assert.equal(status, 0, `${one.name}: ${stderr}`);
      const info = JSON.parse(stdout) as { 'virtual-size': number; format: string };
      assert.deepEqual(
        [info.format, BigInt(info['virtual-size'])],
        [format, one.virtualSize],
        one.name,
      );
      if (format !== 'qcow2') continue;
      assert.equal(boxed('check', '-f', format, fileNameOf(one)).status, 0, one.name);
    }
  },
);
