// `kindred serve`. Standard output carries only the ready line, so that a script can wait for it.
import { readServeConfig } from '../server/config.ts';
import { SETTINGS } from '../server/settings.ts';
import { startServing, type Serving } from '../server/serve.ts';
import type { Command } from './command.ts';

/** After this the process goes even if something will not end. */
const STOP_DEADLINE_MS = 8_000;

const helpText = (): string => {
  const lines = Object.entries(SETTINGS).map(([name, { kind, help }]) => {
    const flag = kind === 'flag' ? `--${name}` : `--${name} VALUE`;
    return `  ${flag.padEnd(24)} ${help}`;
  });
  return `kindred serve: start the server and print one line when it is ready.

${lines.join('\n')}
  --config FILE            read settings from a JSON file (./kindred.json when it is there)

Each setting can also be given as KINDRED_<NAME> (KINDRED_LISTEN=…) or as a key of the
configuration file; flags win over variables, variables over the file. A root key of your
own: KINDRED_ACCESS_KEY_ID and KINDRED_ACCESS_KEY_SECRET. Logs are JSON lines on standard
error. SIGTERM stops it within 8 seconds.
`;
};

export const serve: Command = {
  summary: 'Start the server.',
  helpText,
  async run(argv) {
    const config = readServeConfig(argv, process.env);
    const serving = await startServing(config, process.env, async (kindred, dataDir) => {
      if (config.seed !== undefined)
        await (await import('./serve-seed.ts')).serveSeed(kindred, dataDir, config);
    });
    // Before the ready line: whoever waits for it may send a signal at once.
    const ended = stopped(serving);
    process.stdout.write(`kindred ready on ${serving.url}\n`);
    showRootKey(serving);
    return ended;
  },
};

/** The secret of a fresh root key is shown to a person at a terminal, never to a log. */
const showRootKey = ({ kindred, dataDir }: Serving): void => {
  const { freshRootKey } = kindred;
  if (freshRootKey === undefined) return;
  if (process.stderr.isTTY)
    process.stderr.write(
      `\nroot key (also in ${dataDir}/root-key.json):\n  AccessKeyId      ${freshRootKey.accessKeyId}\n  AccessKeySecret  ${freshRootKey.accessKeySecret}\n\n`,
    );
};

/** Resolves with the exit code once a signal has stopped the server; a second signal ends at once. */
const stopped = (serving: Serving): Promise<number> =>
  new Promise((resolve) => {
    let isStopping = false;
    const stop = (): void => {
      if (isStopping) process.exit(0);
      isStopping = true;
      setTimeout(() => process.exit(0), STOP_DEADLINE_MS).unref();
      serving.stop().then(
        () => resolve(0),
        (error: unknown) => {
          process.stderr.write(`kindred: ${(error as Error).message}\n`);
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
