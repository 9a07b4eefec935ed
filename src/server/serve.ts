// Starts and stops a Kindred behind a port. Standard output is not touched here: the command prints
// the one ready line.
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULT_POINTS, type FaultPlan, type FaultPoint } from '../lib/fault.ts';
import { systemClocks } from '../lib/clock.ts';
import { openKindred, type Kindred, type KindredOptions } from './compose.ts';
import type { ServeConfig } from './config.ts';
import { doorsOf, type Doors } from './doors.ts';
import { makeHttpServer, type HttpServer } from './http.ts';
import { makeLog } from './log.ts';
import type { Gauge } from './metrics.ts';
import { StartRefused } from './refusal.ts';
import { VERSION } from './version.ts';

/** What rules of the trade ask for. */
const LEAST_RETENTION_DAYS = 180;

export interface Serving {
  /** `http://127.0.0.1:5260` */
  url: string;
  kindred: Kindred;
  dataDir: string;
  /** Lets running requests end, checkpoints jobs, closes the data. */
  stop(): Promise<void>;
}

/**
 * @param furnish what is done before anybody can call
 * @throws StartRefused
 */
export const startServing = async (
  config: ServeConfig,
  environment: Readonly<Record<string, string | undefined>> = {},
  furnish: (kindred: Kindred, dataDir: string) => Promise<void> = async () => undefined,
): Promise<Serving> => {
  const dataDir = config.isEphemeral ? mkdtempSync(join(tmpdir(), 'kindred-')) : config.dataDir;
  const log = makeLog(config.logLevel);
  const tls =
    config.tls && (await import('./tls-files.ts')).openTls(config.tls, log, systemClocks.wallMs);
  const faultPlan = config.hasTestControls ? readFaultPlan(environment) : undefined;
  let isStopping = false;
  const opened = await open(
    { ...config, dataDir, log, ...(faultPlan && { test: { faultPlan } }) },
    config,
    () => isStopping,
  );
  const { kindred } = opened;
  if (tls) kindred.house.metrics.show(async () => [tls.expiry]);
  const http = await makeHttpServer({
    ...opened.doors,
    welcome: welcome(),
    ...(tls && { tls }),
  });
  kindred.house.metrics.show(async () => [waitingCalls(http)]);
  const close = async (): Promise<void> => {
    await kindred.house.trail.checkpoints?.close();
    await opened.close();
    if (config.isEphemeral) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await furnish(kindred, dataDir);
    await listen(http.server, config);
  } catch (error) {
    await close();
    throw error;
  }
  await beginCheckpoints(kindred, config);
  const { port } = http.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `${config.tls ? 'https' : 'http'}://${host}:${port}`,
    kindred,
    dataDir,
    async stop() {
      isStopping = true;
      await http.drain();
      await close();
    },
  };
};

/** One Kindred; with test controls, worlds of them behind the same doors. */
const open = async (
  options: KindredOptions,
  { hasTestControls, testControlsToken: token }: ServeConfig,
  isDraining: () => boolean,
): Promise<{ kindred: Kindred; doors: Doors; close(): Promise<void> }> => {
  if (!hasTestControls) {
    const kindred = await openKindred(options);
    return { kindred, doors: doorsOf(kindred, isDraining), close: () => kindred.close() };
  }
  const { openTestServer } = await import('./test-controls/test-server.ts');
  return openTestServer({ kindred: options, dataDir: options.dataDir, isDraining, token });
};

const waitingCalls = ({ waiting }: HttpServer): Gauge => ({
  name: 'kindred_waiting_calls',
  help: 'Calls that have arrived and wait for their turn.',
  labelNames: [],
  read: async () => [{ labels: {}, value: waiting() }],
});

/** Only a server sends checkpoints: a command on a data directory leaves that to it. */
const beginCheckpoints = async (kindred: Kindred, config: ServeConfig): Promise<void> => {
  const { auditCheckpoints, auditCheckpointEveryMs, auditRetentionDays } = config;
  const { house, directory } = kindred;
  const { log, trail } = house;
  if (auditRetentionDays > 0 && auditRetentionDays < LEAST_RETENTION_DAYS)
    log.warn(
      { auditRetentionDays },
      `the audit trail is kept for less than ${LEAST_RETENTION_DAYS} days; an incident may be found later than that`,
    );
  if (auditCheckpoints.length === 0) return;
  const { startCheckpoints } = await import('./audit/checkpoints.ts');
  const parts = { ...house, directory, signingKey: trail.signingKey };
  trail.checkpoints = startCheckpoints(parts, auditCheckpoints, auditCheckpointEveryMs);
};

const listen = (server: HttpServer['server'], config: ServeConfig) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new StartRefused(`${config.host}:${config.port} is in use; choose another --listen`)
          : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EACCES'
            ? new StartRefused(`cannot listen on ${config.host}:${config.port} (${error.code})`)
            : error,
      ),
    );
    server.listen(config.port, config.host, resolve);
  });

/**
 * `KINDRED_TEST_FAULT=point:occurrence`: the process dies there, as by `kill -9`; with `:hold` it goes on
 * slowly from there.
 */
export const readFaultPlan = (
  environment: Readonly<Record<string, string | undefined>>,
): FaultPlan | undefined => {
  const given = environment.KINDRED_TEST_FAULT;
  if (!given) return undefined;
  const [point = '', occurrence = '1', action = 'kill'] = given.split(':');
  if (!(FAULT_POINTS as readonly string[]).includes(point))
    throw new StartRefused(`KINDRED_TEST_FAULT: ${point} is none of ${FAULT_POINTS.join(', ')}`);
  if (action !== 'kill' && action !== 'hold')
    throw new StartRefused(`KINDRED_TEST_FAULT: ${action} is neither kill nor hold`);
  return { point: point as FaultPoint, occurrence: Number(occurrence), action };
};

const welcome = (): string => `Kindred ${VERSION}
A self-hosted image service that speaks the Alibaba Cloud ECS API.

This path answers signed RPC calls: GET or POST with an Action.
Point an SDK, the aliyun CLI or Terraform at this host and port as
its ECS endpoint, with an AccessKey pair of this installation.

/health   whether the server is well
/metrics  figures for Prometheus
`;
