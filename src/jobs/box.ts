// Runs qemu-img in a box: no network, no rights, no descriptor and no environment of ours, bounded in
// memory, time and size, in a folder that holds its source and nothing else. It dies with the server.
// Its words are logged, cleaned and cut; nobody decides by more of them than why a write failed. Only
// what our own inspector accepted goes in, and what comes out is judged again by whoever takes it.
import { execFile, spawn } from 'node:child_process';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../lib/find-program.ts';

/** Nobody's: no user of a usual system has this number. Used when the server runs as root. */
const BOX_UID = 64_260;
const MEMORY_BYTES = 2 ** 30;
const MAX_FILES = 64;
const MAX_STDERR_BYTES = 4_096;
const LEAST_CPU_S = 60;
/** A conversion that is slower than this is given up. */
const LEAST_BYTES_PER_CPU_S = 16 * 2 ** 20;
/** Times the bound of CPU time: a slow disk waits longer than it computes. */
const WALL_FACTOR = 4;

export const SOURCE = 'source';
export const TARGET = 'target';

export type ConvertedFormat = 'raw' | 'qcow2' | 'vhd' | 'vmdk';

/** qemu-img's name of a format, and how it is written: a VHD of exactly the size of its disk. */
const FORMATS: Readonly<Record<ConvertedFormat, readonly [string, ...string[]]>> = {
  raw: ['raw'],
  qcow2: ['qcow2', '-o', 'compat=1.1'],
  vhd: ['vpc', '-o', 'subformat=dynamic,force_size=on'],
  vmdk: ['vmdk', '-o', 'subformat=monolithicSparse'],
};

export const isConvertedFormat = (text: string): text is ConvertedFormat =>
  Object.hasOwn(FORMATS, text);

export interface Boxed {
  /** Holds the file `source`, and after success the file `target`. */
  folder: string;
  from: ConvertedFormat;
  to: ConvertedFormat;
  virtualSizeBytes: number;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress(share: number): void;
}

export type BoxOutcome =
  | { outcome: 'converted'; hasNetwork: boolean }
  | { outcome: 'cancelled' }
  | {
      outcome: 'failed';
      reason: 'CONVERTER_MISSING' | 'CONVERSION_LIMIT' | 'CONVERSION_FAILED' | 'NO_SPACE';
      /** What qemu-img said, fit for a log. */
      said: string;
    };

/** Whether there is all that a box needs. */
export const canConvert = async (): Promise<boolean> => (await findTools()) !== undefined;

const findTools = async () => {
  const [qemuImg, prlimit, setpriv] = await Promise.all(
    ['qemu-img', 'prlimit', 'setpriv'].map((name) => findProgram(name)),
  );
  if (qemuImg === undefined || prlimit === undefined || setpriv === undefined) return undefined;
  return { qemuImg, prlimit, setpriv };
};

/** Bytes that a target can have at most: the disk, and the tables of whatever format. */
export const boundOf = (virtualSizeBytes: number): number =>
  virtualSizeBytes + Math.ceil(virtualSizeBytes / 256) + 16 * 2 ** 20;

/** Converts `source` to `target`. @throws when it was killed from outside (out of memory): try again */
export const convertInBox = async (boxed: Boxed): Promise<BoxOutcome> => {
  const tools = await findTools();
  if (tools === undefined) return { outcome: 'failed', reason: 'CONVERTER_MISSING', said: '' };
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await giveAway(boxed.folder);
  const withoutNetwork = await networkless(isRoot);
  const cpuS = LEAST_CPU_S + Math.ceil(boundOf(boxed.virtualSizeBytes) / LEAST_BYTES_PER_CPU_S);
  const rights = isRoot
    ? [`--reuid=${BOX_UID}`, `--regid=${BOX_UID}`, '--clear-groups', '--bounding-set=-all']
    : [];
  const command = [
    ...withoutNetwork,
    tools.prlimit,
    `--as=${MEMORY_BYTES}`,
    `--cpu=${cpuS}`,
    `--fsize=${boundOf(boxed.virtualSizeBytes)}`,
    `--nofile=${MAX_FILES}`,
    '--core=0',
    tools.setpriv,
    ...rights,
    '--inh-caps=-all',
    '--no-new-privs',
    '--pdeathsig=KILL',
    tools.qemuImg,
    'convert',
    '-p',
    '-f',
    FORMATS[boxed.from][0],
    '-O',
    ...FORMATS[boxed.to],
    SOURCE,
    TARGET,
  ];
  const ended = await run(command, boxed, cpuS * WALL_FACTOR * 1_000);
  if (boxed.signal.aborted) return { outcome: 'cancelled' };
  return judge(ended, withoutNetwork.length === 0);
};

/** The folder and its source belong to the box's user, who can write only beside it. */
const giveAway = async (folder: string): Promise<void> => {
  await chmod(join(folder, SOURCE), 0o400);
  await chown(join(folder, SOURCE), BOX_UID, BOX_UID);
  await chown(folder, BOX_UID, BOX_UID);
};

/** The command that takes the network away; empty where the system does not let us. */
const networkless = async (isRoot: boolean): Promise<string[]> => {
  const unshare = await findProgram('unshare');
  const end = await findProgram('true');
  if (unshare === undefined || end === undefined) return [];
  const args = isRoot ? ['--net'] : ['--user', '--net'];
  try {
    await promisify(execFile)(unshare, [...args, end], { env: {} });
    return [unshare, ...args];
  } catch {
    return [];
  }
};

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  isLate: boolean;
  said: string;
}

const run = (command: readonly string[], boxed: Boxed, wallMs: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: boxed.folder,
      env: { LC_ALL: 'C', MALLOC_ARENA_MAX: '2' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let isLate = false;
    let said = '';
    const kill = (): void => void child.kill('SIGKILL');
    const alarm = setTimeout(() => {
      isLate = true;
      kill();
    }, wallMs);
    boxed.signal.addEventListener('abort', kill);
    if (boxed.signal.aborted) kill();
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      const percent = [...text.matchAll(/\((\d{1,3}\.\d+)\/100%\)/g)].at(-1)?.[1];
      if (percent !== undefined) boxed.onProgress(Math.min(1, Number(percent) / 100));
    });
    child.stderr.setEncoding('latin1').on('data', (text: string) => {
      if (said.length < MAX_STDERR_BYTES) said = (said + text).slice(0, MAX_STDERR_BYTES);
    });
    const settle = (): void => {
      clearTimeout(alarm);
      boxed.signal.removeEventListener('abort', kill);
    };
    child.on('error', (error) => (settle(), reject(error)));
    child.on('close', (code, signal) => {
      settle();
      resolve({ code, signal, isLate, said: said.replaceAll(/[^\x20-\x7e]+/g, ' ').trim() });
    });
  });

const judge = ({ code, signal, isLate, said }: Ended, hasNetwork: boolean): BoxOutcome => {
  if (code === 0) return { outcome: 'converted', hasNetwork };
  const failed = (reason: Extract<BoxOutcome, { outcome: 'failed' }>['reason']): BoxOutcome => ({
    outcome: 'failed',
    reason,
    said,
  });
  if (isLate || signal === 'SIGXCPU' || signal === 'SIGXFSZ') return failed('CONVERSION_LIMIT');
  if (signal === 'SIGKILL') throw new Error('qemu-img was killed by the system.');
  if (/File too large/.test(said)) return failed('CONVERSION_LIMIT');
  return failed(/No space left|Disk quota/.test(said) ? 'NO_SPACE' : 'CONVERSION_FAILED');
};
