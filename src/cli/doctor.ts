// `kindred doctor`: looks at what most often keeps Kindred from working, one line each: ok, warn or fail
// with what to do. It changes nothing that stays, and starts nothing.
import { readSettings, SettingsError } from '../client/settings.ts';
import type { Command } from './command.ts';
import { checkDirectory } from './doctor-directory.ts';
import { checkServer } from './doctor-server.ts';
import { checkRuntime } from './doctor-runtime.ts';
import type { Finding } from './finding.ts';
import type { Io } from './io.ts';
import { wrap } from './layout.ts';
import { UsageError } from './usage-error.ts';
import { CONNECTION_FLAGS, readOnlyFlags } from './own-flags.ts';

const helpText =
  (): string => `kindred doctor: Look whether this machine, the data directory and the server are well.

  --endpoint URL   the server to look at
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       the data directory to look at (./kindred-data)

Each line says ok, warn or fail and what to do. Nothing is changed; in S3, where the settings (KINDRED_BLOBS,
KINDRED_BUCKETS, kindred.json) name it, a small object is written, read and deleted.

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage.
`;

export const doctor: Command = {
  summary: 'Look whether this machine, the data directory and the server are well.',
  helpText,
  async run(argv, io) {
    const settings = settingsOf(argv, io);
    let hasFailed = false;
    const report = (findings: readonly Finding[]): void => {
      hasFailed ||= findings.some(({ level }) => level === 'fail');
      for (const finding of findings) io.out(line(finding, io.columns));
    };
    report(checkRuntime());
    report(checkDirectory(settings.dataDir));
    const { checkStorage } = await import('./doctor-storage.ts');
    report(await checkStorage(settings.dataDir, io.environment));
    report(await checkServer(settings));
    return hasFailed ? 1 : 0;
  },
};

const settingsOf = (argv: readonly string[], io: Io) => {
  const values = readOnlyFlags('doctor', argv, CONNECTION_FLAGS);
  try {
    return readSettings(values, io.environment, io.homeDir);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new UsageError(`${error.message.split('. ')[0]!}.`);
  }
};

const LEFT = 6;

const line = ({ level, text, advice }: Finding, columns: number): string => {
  const lines = wrap(advice === undefined ? text : `${text}: ${advice}`, columns - LEFT);
  return `${level.padEnd(LEFT)}${lines.join(`\n${' '.repeat(LEFT)}`)}\n`;
};
