// `npm run bytes`: pushes and pulls disks, kills client and server on the way, and prints what it saw. `--full`
// takes a raw file of 2 GiB and a sparse qcow2 of 4 GiB, which need 15 GiB of room and some minutes.
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pullAndKill } from './pull-kill.ts';
import { pushAndKill } from './push-kill.ts';

const MIB = 2 ** 20;
const VICTIMS = ['client', 'server', 'client', 'server', 'client'] as const;
const MOST_EXTRA = 0.02;

const { values } = parseArgs({ options: { full: { type: 'boolean' } } });
const scale = values.full === true ? 1 : 1 / 8;
const folder = mkdtempSync(join(tmpdir(), 'kindred-bytes-'));

const randomRaw = (path: string, sizeBytes: number): void => {
  const fd = openSync(path, 'w');
  const piece = Buffer.alloc(8 * MIB);
  for (let at = 0; at < sizeBytes; at += piece.length) writeSync(fd, randomFillSync(piece));
  closeSync(fd);
};

/** A disk of 4 GiB of which a part is used, made by qemu-img out of a sparse raw one. */
const sparseQcow2 = (path: string, sizeBytes: number): void => {
  const raw = `${path}.raw`;
  const fd = openSync(raw, 'w');
  const piece = Buffer.alloc(4 * MIB);
  for (let at = 0; at < sizeBytes; at += 64 * MIB)
    writeSync(fd, randomFillSync(piece), 0, piece.length, at);
  writeSync(fd, Buffer.alloc(1), 0, 1, sizeBytes - 1);
  closeSync(fd);
  const options = ['-f', 'raw', '-O', 'qcow2', '-o', 'preallocation=metadata'];
  const { status, stderr } = spawnSync('qemu-img', ['convert', ...options, raw, path]);
  rmSync(raw);
  if (status !== 0) throw new Error(`qemu-img: ${String(stderr)}`);
};

const ends: (() => Promise<void>)[] = [];
const scope = { after: (end: () => Promise<void>) => void ends.push(end) };
try {
  for (const [name, make, sizeBytes] of [
    ['random.raw', randomRaw, 2048 * MIB * scale],
    ['sparse.qcow2', sparseQcow2, 4096 * MIB * scale],
  ] as const) {
    const path = join(folder, name);
    make(path, sizeBytes);
    const report = await pushAndKill(scope, path, VICTIMS);
    console.log(JSON.stringify({ name, ...report }, null, 2));
    const isWhole = report.digest === report.sha256 && report.served === report.sha256;
    const isOnce = report.images === 1 && (report.extra < MOST_EXTRA || values.full !== true);
    if (!isWhole || !isOnce) process.exitCode = 1;
    for (const end of ends.splice(0).reverse()) await end();
    const pulled = await pullAndKill(scope, path, VICTIMS);
    console.log(JSON.stringify({ name, ...pulled }, null, 2));
    if (pulled.pulled !== pulled.sha256 || (pulled.extra >= MOST_EXTRA && values.full === true))
      process.exitCode = 1;
    for (const end of ends.splice(0).reverse()) await end();
    rmSync(path);
  }
} finally {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
}
