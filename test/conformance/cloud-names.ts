// For clients that know the cloud's names alone, and speak HTTPS to some of them: they run in a network of
// their own (Linux namespaces, without privileges), in which these names are the server under test. What
// ends TLS here has a certificate of `kindred tls init`; behind it all is plain, so that it can be recorded.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { Scope } from '../../src/testing/server.ts';
import type { Target } from './clients.ts';

const KINDRED = fileURLToPath(new URL('../../bin/kindred.js', import.meta.url));
const RUNNER = join(import.meta.dirname, 'cloud_names.py');
const UNSHARE = ['--user', '--map-root-user', '--net', '--mount'];

export interface CloudNames {
  /** The command line that runs a program there. */
  wrap(program: string, args: readonly string[]): [string, string[]];
  /** What makes it trust the certificate. */
  env: Readonly<Record<string, string>>;
}

/** What the machine lacks, or undefined. */
export const lacksCloudNames = (): string | undefined => {
  const { status } = spawnSync('unshare', [...UNSHARE, 'python3', '-c', '']);
  return status === 0 ? undefined : 'no network of its own can be made (unshare, python3)';
};

/** `names` all lead to the target, by HTTP and HTTPS. */
export const cloudNames = async (
  t: Scope,
  target: Target,
  names: readonly string[],
): Promise<CloudNames> => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-names-'));
  t.after(async () => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const hosts = names.flatMap((name) => ['--host', name]);
  execFileSync(process.execPath, [KINDRED, 'tls', 'init', '--dir', folder, ...hosts], {
    stdio: 'pipe',
  });
  writeFileSync(path('hosts'), `127.0.0.1 localhost ${names.join(' ')}\n`);
  const onward = (client: Socket): void => {
    const upstream = connect({ host: target.host, port: target.port });
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  };
  const pair = { cert: readFileSync(path('cert.pem')), key: readFileSync(path('key.pem')) };
  await listen(t, createServer(onward), path('80'));
  await listen(t, createTlsServer(pair, onward), path('443'));
  const ca = path('ca.pem');
  return {
    wrap: (program, args) => {
      const run = ['python3', RUNNER, path('hosts'), path('80'), path('443'), program, ...args];
      return ['unshare', [...UNSHARE, ...run]];
    },
    env: { SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca },
  };
};

const listen = async (t: Scope, server: Server, path: string): Promise<void> => {
  server.listen(path);
  await once(server, 'listening');
  t.after(async () => void server.close());
};
