// `kindred rotate-master-key`. No operation: the key that a running server holds in memory cannot change
// under its calls.
import { parseArgs } from 'node:util';
import { faultsOf } from '../lib/fault.ts';
import { systemRandom } from '../lib/random.ts';
import { readServeConfig } from '../server/config.ts';
import { rotateMasterKey as rotate, type Rotation } from '../server/rotate-master-key.ts';
import { readFaultPlan } from '../server/serve.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

const HELP = `kindred rotate-master-key: Seal all secrets under a new master key; no server may run.

  kindred rotate-master-key --data DIR

All secrets in the database are opened with the old key and sealed with a new one in one transaction.
Stopped at any moment, the directory starts with the right key; give the command again.

  --data DIR           the data directory (./kindred-data)
  --allow-network-fs   allow DIR on NFS, SMB and the like

DIR/master.key gets a new random key, and the old one goes to DIR/old-master-keys/ID: backups made before
need it. Remove it when the last of them is gone. With the key in KINDRED_MASTER_KEY, give the new one as
KINDRED_NEW_MASTER_KEY (openssl rand -base64 32), and start the server with that one from then on.

AccessKeys, read tokens and uploads go on. Temporary credentials (STS) and signed addresses of disks that
were made before end.

Exit code: 0 done, 2 wrong usage, a server runs, or the old key is not the right one.
`;

export const rotateMasterKey: Command = {
  summary: 'Seal all secrets under a new master key; no server may run.',
  helpText: () => HELP,
  async run(argv, io) {
    const flags = readFlags(argv);
    const settings = readServeConfig(
      flags.data === undefined ? [] : ['--data', flags.data],
      io.environment,
    );
    const newMasterKey = io.environment.KINDRED_NEW_MASTER_KEY;
    const rotation = await rotate(settings.dataDir, {
      random: systemRandom(),
      faults: faultsOf(settings.hasTestControls ? readFaultPlan(io.environment) : undefined),
      ...(settings.masterKey && { masterKey: settings.masterKey }),
      ...(newMasterKey && { newMasterKey }),
      allowNetworkFs: flags['allow-network-fs'] === true || settings.allowNetworkFs,
    });
    io.out(report(rotation));
    return 0;
  },
};

const readFlags = (argv: readonly string[]) => {
  const options = {
    data: { type: 'string' },
    'allow-network-fs': { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]?.replace(/\.$/, '');
    throw new UsageError(`${why}; see kindred rotate-master-key --help.`);
  }
};

const report = ({ oldKeyId, newKeyId, secretCount, oldKeyFile }: Rotation): string => {
  const lines =
    secretCount === 0 && oldKeyFile === undefined
      ? [`All secrets are under the new master key ${newKeyId} already.`]
      : [`Sealed ${secretCount} secrets under the new master key ${newKeyId}.`];
  lines.push(
    'Temporary credentials and signed addresses of disks that were made before have ended.',
    `Backups made before need the old key ${oldKeyId}${oldKeyFile === undefined ? '; keep it until the last of them is gone' : `, which is now ${oldKeyFile}; remove it when the last of them is gone`}.`,
  );
  if (oldKeyFile === undefined)
    lines.push('Next: start the server with the new key as KINDRED_MASTER_KEY.');
  else lines.push('Next: copy the new master.key to where you keep it for backups.');
  return lines.map((line) => `${line}\n`).join('');
};
