// Which server the suites speak to: the one that KINDRED_URL names, or one that is started for them.
// KINDRED_URL goes with KINDRED_ACCESS_KEY_ID, KINDRED_ACCESS_KEY_SECRET (a root key of the
// operator) and KINDRED_BUCKETS, the folder in which that server finds its buckets.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  startServer,
  type Scope,
  type ServerOptions,
  type TestServer,
} from '../../src/testing/server.ts';
import type { Target } from './clients.ts';

export interface Conformance {
  target: Target;
  /** Set when the server was started here. */
  server: TestServer | undefined;
  putObject(bucket: string, object: string, bytes: Uint8Array): void;
  getObject(bucket: string, object: string): Buffer;
}

/** A proxy of the surroundings would swallow what the clients send. */
const bypassProxies = (): void => {
  process.env.NO_PROXY = '127.0.0.1';
};

const given = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`KINDRED_URL is set, and ${name} is not`);
  return value;
};

/** `options` are for a server that is started here; one that runs already has its own. */
export const conformance = async (t: Scope, options: ServerOptions = {}): Promise<Conformance> => {
  bypassProxies();
  const url = process.env.KINDRED_URL?.replace(/\/$/, '');
  const server = url ? undefined : await startServer(t, options);
  const { hostname, port } = new URL(url ?? server?.url ?? '');
  const target: Target = {
    url: url ?? server?.url ?? '',
    host: hostname,
    port: Number(port),
    accessKeyId: server?.key.accessKeyId ?? given('KINDRED_ACCESS_KEY_ID'),
    accessKeySecret: server?.key.accessKeySecret ?? given('KINDRED_ACCESS_KEY_SECRET'),
  };
  const buckets = server ? join(server.dataDir, 'buckets') : given('KINDRED_BUCKETS');
  return {
    target,
    server,
    putObject(bucket, object, bytes) {
      const path = join(buckets, bucket, object);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    },
    getObject: (bucket, object) => readFileSync(join(buckets, bucket, object)),
  };
};
