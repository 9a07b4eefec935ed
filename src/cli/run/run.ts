// `kindred run -- CMD`: a command, and all that it starts, finds Kindred where it thinks the cloud is. From
// top to bottom: a server, a CA, a proxy, the command, the report. Whatever goes wrong, what was begun is
// ended and what was made is removed.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClocks } from '../../lib/clock.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import { SERVED_WORDS } from './cloud-host.ts';
import type { RunFlags } from './flags.ts';
import type { RunServer } from './own-server.ts';
import { hearSignals, type Signals } from './signals.ts';

const SUMMARY = 'Run a command that finds Kindred where it thinks the cloud is.';

const HELP = `kindred run: ${SUMMARY}

  kindred run [options] [settings of kindred serve] -- CMD ARGS…

  --endpoint URL   a Kindred that runs already (KINDRED_ENDPOINT, ALIBABA_CLOUD_ENDPOINT); without it one is
                   started, empty, and removed at the end
  --profile NAME   profile of the aliyun CLI with the key for that endpoint
  --data DIR       keep the data of the server that is started in this directory
  --seed FILE      make the accounts and images of this file first, as kindred seed apply does
  --keep           keep what the server that is started had at the end, and say where
  --offline        refuse every other host too, but for this machine
  --allow HOST     let this host through whatever it is; may be given several times
  --strict         exit 1 when CMD succeeded but called a host of the cloud that is not served

No endpoint and no key has to be set in CMD. It gets throw-away keys, a proxy on the loopback, and a CA that
lasts for two days and may sign for the cloud's names alone, in the variables that clients read: Go, Python,
Node.js 24, Java, curl, the aliyun CLI, Terraform, Packer. KINDRED_ENDPOINT tells where the server is; the
commands of kindred read it. Keys, profiles and endpoints of the cloud are taken out of its environment.

Calls to ${SERVED_WORDS} are answered by Kindred. Calls to
any other Alibaba host, and to the metadata of instances, are refused inside CMD with the error
Kindred.HostNotServed and named at the end. Other hosts are let through. A program that asks no proxy
variable is not held back: for that run it in a network of its own (unshare -rn, a container without one).

  kindred run -- go test ./...
  kindred run --buckets ./fixtures --offline --strict -- terraform apply -auto-approve
  kindred run --data ./registry -- sh -c 'kindred push web.qcow2 --family web && packer build .'

Exit codes: that of CMD, or 128 and the number of the signal that ended it; 127 when it is not there, 126
when it cannot be run; 2 wrong usage, or the server did not start. Input and output are CMD's own; what
kindred run itself has to say goes to standard error.
`;

export const run: Command = {
  summary: SUMMARY,
  helpText: () => HELP,
  async run(argv, io) {
    const { readRunFlags } = await import('./flags.ts');
    const flags = readRunFlags(argv);
    // Mode 0700: keys lie in it, and nobody else needs the rest.
    const folder = mkdtempSync(join(tmpdir(), 'kindred-run-'));
    const signals = hearSignals(process.stdin.isTTY === true);
    let server: RunServer | undefined;
    try {
      server = await openServer(flags, folder, io);
      return await runWith(server, flags, folder, signals, io);
    } finally {
      await server?.stop();
      removeAll(folder, flags, server !== undefined, io);
      signals.release();
    }
  },
};

const openServer = async (flags: RunFlags, folder: string, io: Io): Promise<RunServer> => {
  const { findServer, namedEndpoint } = await import('./found-server.ts');
  const { data, keep, settings, profile } = flags;
  // What is asked of a server of its own is not asked of another one.
  const isOwn = data !== undefined || keep || settings.length > 0;
  const endpoint = namedEndpoint(flags.endpoint, isOwn ? {} : io.environment);
  if (endpoint !== undefined) return findServer({ endpoint, ...(profile && { profile }) }, io);
  const { startOwnServer } = await import('./own-server.ts');
  const dataDir = data ?? (keep ? join(folder, 'data') : undefined);
  if (keep) mkdirSync(join(folder, 'data'), { mode: 0o700 });
  return startOwnServer(settings, dataDir && resolve(dataDir), io.environment);
};

const runWith = async (
  server: RunServer,
  flags: RunFlags,
  folder: string,
  signals: Signals,
  io: Io,
): Promise<number> => {
  const [{ makeLeaves }, { writeTrustFiles }, { makeRefusals }, { makePassOn }, { startProxy }] =
    await Promise.all([
      import('./leaves.ts'),
      import('./trust.ts'),
      import('./refusals.ts'),
      import('./pass-on.ts'),
      import('./proxy.ts'),
    ]);
  const { environmentOf, profileText, regionOf } = await import('./environment.ts');
  const { runChild } = await import('./child.ts');
  const { endpoint, key } = server;
  if (flags.seed !== undefined) {
    const { applySeed } = await import('./seeded.ts');
    const code = await applySeed(flags.seed, server, io);
    if (code !== 0) return code;
  }
  const leaves = await makeLeaves(systemClocks.wallMs());
  const trust = writeTrustFiles(folder, leaves.caCertificate, io.environment);
  const configFile = join(folder, 'config.json');
  writeFileSync(configFile, profileText(key, regionOf(io.environment)), { mode: 0o600 });
  const refusals = makeRefusals();
  const proxy = await startProxy({
    kindred: new URL(endpoint),
    leaves,
    refusals,
    passOn: makePassOn(io.environment),
    isOffline: flags.offline,
    allowed: new Set(flags.allow),
  });
  try {
    const isOffline = flags.offline;
    const around = { proxyPort: proxy.port, trust, key, endpoint, configFile, isOffline };
    const code = await runChild(flags.command, environmentOf(io.environment, around), signals, io);
    io.err(refusals.text());
    return code === 0 && flags.strict && refusals.cloudCalls > 0 ? 1 : code;
  } finally {
    await proxy.close();
  }
};

const removeAll = (folder: string, { keep }: RunFlags, hasData: boolean, io: Io): void => {
  const isKept = keep && hasData;
  try {
    for (const name of isKept ? readdirSync(folder) : [])
      if (name !== 'data') rmSync(join(folder, name), { recursive: true, force: true });
    if (!isKept) return rmSync(folder, { recursive: true, force: true });
    const data = join(folder, 'data');
    io.err(`kindred run kept the data: kindred serve --data ${data}\n`);
  } catch (error) {
    io.err(`kindred run: ${folder} could not be removed: ${(error as Error).message}\n`);
  }
};
