// What strace sees a boxed qemu-img open, and that it does not outlive the process that started it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { canConvert, SOURCE, TARGET } from './box.ts';

const skip = (await canConvert()) ? false : 'qemu-img is not installed';

const boxOf = (t: TestContext, bytes: Uint8Array): { folder: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-box-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, SOURCE), bytes);
  return { folder };
};

const noStrace =
  spawnSync('strace', ['-V']).error === undefined ? false : 'strace is not installed';

/** Runs the box in a process of its own under strace, and answers what was opened or connected. */
const traced = (folder: string): string => {
  const module = join(import.meta.dirname, 'box.ts');
  const program = `import { convertInBox } from ${JSON.stringify(module)};
    const ended = await convertInBox({ folder: ${JSON.stringify(folder)}, from: 'raw', to: 'vhd',
      virtualSizeBytes: 4194304, signal: new AbortController().signal, onProgress() {} });
    if (ended.outcome !== 'converted') throw new Error(JSON.stringify(ended));`;
  const log = join(folder, '..', `${folder.split('/').at(-1)}.trace`);
  const calls = 'trace=execve,open,openat,socket,connect,unlink,rename,ftruncate';
  execFileSync('strace', [
    '-f',
    '-s',
    '400',
    '-e',
    calls,
    '-o',
    log,
    process.execPath,
    '--input-type=module',
    '-e',
    program,
  ]);
  const text = readFileSync(log, 'utf8');
  rmSync(log);
  return text;
};

test(
  'qemu-img opens its source, its target and the system, and makes no socket',
  { skip: skip || noStrace },
  (t) => {
    const { folder } = boxOf(t, Buffer.alloc(4 * 2 ** 20, 7));
    const lines = traced(folder).split('\n');
    const start = lines.find((line) => /execve\("[^"]*qemu-img", .*= 0$/.test(line));
    assert.ok(start !== undefined, 'qemu-img was run under strace');
    const pid = start.split(' ')[0]!;
    const own = lines
      .slice(lines.indexOf(start))
      .filter((line) => line.includes('(') && threadsOf(lines, pid).has(line.split(' ')[0]!));
    const opened = new Set(
      own.flatMap((line) => /open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"/.exec(line)?.[1] ?? []),
    );
    assert.ok(opened.has('source') && opened.has(TARGET));
    const odd = [...opened].filter(
      (path) => !/^(source|target|\/(usr|lib|lib64|etc|proc|sys|dev)\/.*)$/.test(path),
    );
    assert.deepEqual(odd, []);
    const written = own.filter(
      (line) => /O_WRONLY|O_RDWR|O_CREAT/.test(line) && !/"(target|\/dev\/null)"/.test(line),
    );
    assert.deepEqual(written, []);
    assert.deepEqual(
      own.filter((line) => /(socket|connect)\(/.test(line)),
      [],
    );
    assert.ok(existsSync(join(folder, TARGET)));
  },
);

/** The process and the threads that it started: strace names them by number as they first call. */
const threadsOf = (lines: readonly string[], pid: string): Set<string> => {
  const before = new Set(
    lines
      .slice(
        0,
        lines.findIndex((line) => line.startsWith(`${pid} `)),
      )
      .map((line) => line.split(' ')[0]!),
  );
  return new Set(
    lines
      .map((line) => line.split(' ')[0]!)
      .filter((id) => id === pid || (!before.has(id) && Number(id) > Number(pid))),
  );
};

test('qemu-img dies with the process that started it', { skip }, async (t) => {
  const { folder } = boxOf(t, Buffer.alloc(192 * 2 ** 20, 1));
  const module = join(import.meta.dirname, 'box.ts');
  const program = `import { convertInBox } from ${JSON.stringify(module)};
    await convertInBox({ folder: ${JSON.stringify(folder)}, from: 'raw', to: 'vmdk',
      virtualSizeBytes: ${192 * 2 ** 20}, signal: new AbortController().signal, onProgress() {} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  while (inFolder(folder).length === 0 && child.exitCode === null) await sleep(1);
  const started = inFolder(folder);
  child.kill('SIGKILL');
  await ended;
  assert.equal(started.length, 1, 'it ran when its parent was killed');
  for (let i = 0; i < 100 && inFolder(folder).length > 0; i++) await sleep(20);
  assert.deepEqual(inFolder(folder), []);
});

/** The qemu-img processes that work in the folder. */
const inFolder = (folder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        readlinkSync(`/proc/${pid}/cwd`) === folder &&
        readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'qemu-img'
      );
    } catch {
      return false; // no process, or one that has just ended
    }
  });
