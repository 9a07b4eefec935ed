// Faults of system calls: strace is attached to threads of a running server and kills it, or lets a call
// fail, at the N-th call that the thread makes from then on.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Names of threads as the kernel knows them. */
export type ThreadName = 'MainThread' | 'libuv-worker' | 'kindred-ingest' | 'kindred-fold';

export interface Injection {
  thread: ThreadName;
  call: 'fsync' | 'fdatasync' | 'rename' | 'unlink' | 'pwrite64';
  /** `signal=KILL`, `error=EIO`, `error=ENOSPC` */
  what: string;
  /** From 1. */
  occurrence: number;
}

/** False when it can be used; else why the tests are skipped. */
export const straceMissing = (): string | false => {
  const { error, status } = spawnSync('strace', ['-V']);
  return error !== undefined || status !== 0 ? 'strace is not installed' : false;
};

const threadsOf = (pid: number, name: ThreadName): string[] =>
  readdirSync(`/proc/${pid}/task`).filter(
    (tid) => readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim() === name,
  );

const ATTACH_DEADLINE_MS = 10_000;

/** Resolves once it is attached; it ends with the server, or by `detach`. */
export const attach = async (pid: number, injection: Injection): Promise<{ detach(): void }> => {
  const { thread, call, what, occurrence } = injection;
  const tids = threadsOf(pid, thread);
  if (tids.length === 0) throw new Error(`the server has no thread ${thread}`);
  const inject = `inject=${call}:${what}:when=${occurrence}`;
  const tracer = spawn(
    'strace',
    ['-e', `trace=${call}`, '-e', inject, '-o', '/dev/null', ...tids.flatMap((tid) => ['-p', tid])],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`strace did not attach: ${said}`)),
      ATTACH_DEADLINE_MS,
    );
    tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('attached').length <= tids.length) return;
      clearTimeout(late);
      resolve();
    });
    tracer.once('exit', () => reject(new Error(`strace ended: ${said}`)));
  });
  return { detach: () => void tracer.kill('SIGINT') };
};
