// A pull that is killed: client and server in turn die by `kill -9` while bytes are on their way, at
// moments spread over the file, and the same command goes on. At the end the file must be the image's
// bytes, and little may have come twice.
import { copyFileSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createClient } from '../../src/client/client.ts';
import { startServer, type Scope, type TestServer } from '../../src/testing/server.ts';
import { countingProxy } from './counting-proxy.ts';
import { REGION, startProgram, until, type Running } from './program.ts';
import { hashOf } from './push-kill.ts';

const FAMILY = 'killed';

export interface PullReport {
  sizeBytes: number;
  receivedBytes: number;
  /** What came beyond the size, as a share of it: heads of answers, and what came twice. */
  extra: number;
  sha256: string;
  pulled: string;
  kills: string[];
  seconds: number;
}

/** @param victims who dies at each of the moments, which are spread evenly over the file */
export const pullAndKill = async (
  t: Scope,
  path: string,
  victims: readonly ('client' | 'server')[],
): Promise<PullReport> => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-pull-kill-'));
  t.after(async () => rmSync(home, { recursive: true, force: true }));
  const server = await startServer(t);
  await publish(server, path);
  const proxy = await countingProxy();
  t.after(async () => proxy.close());
  proxy.leadTo(server.port);
  const sizeBytes = statSync(path).size;
  const target = join(home, 'pulled');
  const words = ['pull', FAMILY, '-o', target];
  const run = (): Running => startProgram(words, home, proxy.url, server.key);
  const startMs = performance.now();
  let pulling = run();
  const kills: string[] = [];
  for (const [i, victim] of victims.entries()) {
    const at = ((i + 1) / (victims.length + 1)) * sizeBytes;
    await until(() => proxy.receivedBytes >= at || pulling.isOver());
    if (pulling.isOver()) throw new Error(`the pull ended before kill ${i}: ${pulling.log()}`);
    kills.push(`${victim} at ${proxy.receivedBytes}`);
    if (victim === 'client') {
      pulling.child.kill('SIGKILL');
      await pulling.over;
      pulling = run();
    } else {
      await server.kill();
      await server.restart();
      proxy.leadTo(server.port);
    }
  }
  const exitCode = await pulling.over;
  if (exitCode !== 0) throw new Error(`the pull ended with ${exitCode}: ${pulling.log()}`);
  return {
    sizeBytes,
    receivedBytes: proxy.receivedBytes,
    extra: proxy.receivedBytes / sizeBytes - 1,
    sha256: await hashOf(path),
    pulled: await hashOf(target),
    kills,
    seconds: Math.round((performance.now() - startMs) / 1000),
  };
};

/** Imports the file and puts it into the family. */
const publish = async (server: TestServer, path: string): Promise<void> => {
  const bucket = join(server.dataDir, 'buckets', 'killed');
  mkdirSync(bucket, { recursive: true });
  copyFileSync(path, join(bucket, basename(path)), constants.COPYFILE_FICLONE);
  const client = createClient({ endpoint: server.url, ...server.key });
  const { ImageId, TaskId } = await client.importImage({
    RegionId: REGION,
    ImageName: 'killed-1',
    DiskDeviceMapping: [{ OSSBucket: 'killed', OSSObject: basename(path) }],
  });
  for (;;) {
    const task = await client.describeTaskAttribute({ RegionId: REGION, TaskId });
    if (task.TaskStatus === 'Finished') break;
    if (task.TaskStatus !== 'Processing') throw new Error(`the import ended ${task.TaskStatus}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await client.modifyImageAttribute({ RegionId: REGION, ImageId, ImageFamily: FAMILY });
};
