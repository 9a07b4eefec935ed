// An upload behind a real port, in the test's own process: the paths of the server over the harness.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { makeHttpServer } from '../server/http.ts';
import { makeOtherPaths } from '../server/routes.ts';
import { kindred, type CallOptions, type Harness, type HarnessOptions } from './harness.ts';

export interface UploadScene {
  k: Harness;
  /** `http://127.0.0.1:41234` */
  origin: string;
  /** Makes an upload into the bucket `builds`. */
  create(
    sizeBytes: number,
    more?: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<{ url: string; uploadId: string }>;
  object(name?: string): Buffer;
}

export const OBJECT = 'nightly/disk.raw';

export const uploadScene = async (
  t: TestContext,
  options: HarnessOptions & { idleTimeoutMs?: number } = {},
): Promise<UploadScene> => {
  const { idleTimeoutMs, ...harness } = options;
  const k = await kindred(t, harness);
  await k.call('CreateBucket', { Bucket: 'builds' });
  const { server } = await makeHttpServer({
    handle: k.kindred.handle,
    other: makeOtherPaths(k.kindred, () => false),
    welcome: '',
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    k,
    origin,
    async create(sizeBytes, more = {}, callOptions = {}) {
      const parameters = {
        Bucket: 'builds',
        Object: OBJECT,
        SizeBytes: String(sizeBytes),
        ...more,
      };
      const { Url, UploadId } = await k.call('CreateUpload', parameters, callOptions);
      return { url: `${origin}${Url}`, uploadId: UploadId };
    },
    object: (name = OBJECT) => readFileSync(join(k.dataDir, 'buckets', 'builds', name)),
  };
};
