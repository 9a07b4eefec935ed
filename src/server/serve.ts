// Starts and stops a Kindred behind a port. Standard output is not touched here: the command prints
// the one ready line.
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULT_POINTS, type FaultPlan, type FaultPoint } from '../lib/fault.ts';
import { systemClocks } from '../lib/clock.ts';
import { openKindred, type Kindred } from './compose.ts';
import type { ServeConfig } from './config.ts';
import { makeHttpServer, type HttpServer } from './http.ts';
import { makeLog } from './log.ts';
import type { Gauge } from './metrics.ts';
import type { OssDoor } from './oss/door.ts';
import { StartRefused } from './refusal.ts';
import { makeOtherPaths } from './routes.ts';
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

/** @throws StartRefused */
export const startServing = async (
  config: ServeConfig,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Serving> => {
  const dataDir = config.isEphemeral ? mkdtempSync(join(tmpdir(), 'kindred-')) : config.dataDir;
  const log = makeLog(config.logLevel);
  const tls =
    config.tls && (await import('./tls-files.ts')).openTls(config.tls, log, systemClocks.wallMs);
  const faultPlan = config.hasTestControls ? readFaultPlan(environment) : undefined;
  const kindred = await openKindred({
    ...config,
    dataDir,
    log,
    ...(faultPlan && { test: { faultPlan } }),
  });
  if (tls) kindred.house.metrics.show(async () => [tls.expiry]);
  let isStopping = false;
  const http = await makeHttpServer({
    handle: kindred.handle,
    knownKeys: kindred.house.knownKeys,
    other: makeOtherPaths(kindred, () => isStopping),
    oss: lazyOssDoor(kindred),
    welcome: welcome(),
    ...(tls && { tls }),
  });
  kindred.house.metrics.show(async () => [waitingCalls(http)]);
  const close = async (): Promise<void> => {
    await kindred.house.trail.checkpoints?.close();
    await kindred.close();
    if (config.isEphemeral) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
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

/** Loaded with its first request. */
const lazyOssDoor = ({ house, buckets }: Kindred): OssDoor => {
  let loading: Promise<OssDoor> | undefined;
  return (request, response) => {
    loading ??= import('./oss/door.ts').then(({ makeOssDoor }) => makeOssDoor(house, buckets));
    loading.then(
      (door) => door(request, response),
      (error: unknown) => {
        house.log.error({ err: error }, 'the object door did not load');
        response.writeHead(500).end();
      },
    );
  };
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
