// A push that is killed: client and server in turn die by `kill -9` while bytes are on their way, at
// moments spread over the file, and the same command goes on. At the end the image must hold exactly the
// source's bytes, there must be one image, and little may have been sent twice.
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createClient } from '../../src/client/client.ts';
import { startServer, type Scope } from '../../src/testing/server.ts';
import { countingProxy } from './counting-proxy.ts';
import { REGION, startProgram, until, type Running } from './program.ts';

const FAMILY = 'killed';

export interface KillReport {
  sizeBytes: number;
  sentBytes: number;
  /** What was sent beyond the size, as a share of it. */
  extra: number;
  sha256: string;
  digest: string;
  served: string;
  images: number;
  kills: string[];
  seconds: number;
}

export const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
};

/** @param victims who dies at each of the moments, which are spread evenly over the file */
export const pushAndKill = async (
  t: Scope,
  path: string,
  victims: readonly ('client' | 'server')[],
): Promise<KillReport> => {
  const startMs = performance.now();
  const home = mkdtempSync(join(tmpdir(), 'kindred-push-kill-'));
  t.after(async () => rmSync(home, { recursive: true, force: true }));
  const server = await startServer(t);
  const proxy = await countingProxy();
  t.after(async () => proxy.close());
  proxy.leadTo(server.port);
  const sizeBytes = statSync(path).size;
  const words = ['push', path, '--family', FAMILY];
  const run = (): Running => startProgram(words, home, proxy.url, server.key);
  let pushing = run();
  const kills: string[] = [];
  for (const [i, victim] of victims.entries()) {
    const at = ((i + 1) / (victims.length + 1)) * sizeBytes;
    await until(() => proxy.sentBytes >= at || pushing.isOver());
    if (pushing.isOver()) throw new Error(`the push ended before kill ${i}: ${pushing.log()}`);
    kills.push(`${victim} at ${proxy.sentBytes}`);
    if (victim === 'client') {
      pushing.child.kill('SIGKILL');
      await pushing.over;
      pushing = run();
    } else {
      await server.kill();
      await server.restart();
      proxy.leadTo(server.port);
    }
  }
  const exitCode = await pushing.over;
  if (exitCode !== 0) throw new Error(`the push ended with ${exitCode}: ${pushing.log()}`);
  const client = createClient({ endpoint: server.url, ...server.key });
  const imageId = pushing.out().trim();
  const content = await client.describeImageContent({ RegionId: REGION, ImageId: imageId });
  const disk = content.Disks.Disk[0]!;
  const response = await fetch(new URL(disk.Url, server.url));
  const served = createHash('sha256');
  for await (const chunk of response.body!) served.update(chunk);
  const images = await client.describeImages({ RegionId: REGION, ImageFamily: FAMILY });
  return {
    sizeBytes,
    sentBytes: proxy.sentBytes,
    extra: proxy.sentBytes / sizeBytes - 1,
    sha256: await hashOf(path),
    digest: disk.Digest.replace('sha256:', ''),
    served: served.digest('hex'),
    images: images.TotalCount,
    kills,
    seconds: Math.round((performance.now() - startMs) / 1000),
  };
};
