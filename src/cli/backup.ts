// `kindred backup DIR`: begins a backup, follows it, and says in a few sentences what is in it and what is
// not. The operations CreateBackup, DescribeBackup and DescribeBackups do the work, in the server that has
// the data, or without one in this process.
import { resolve } from 'node:path';
import { KindredError } from '../client/kindred-error.ts';
import { operations } from '../client/data.ts';
import { answerText } from './answer-text.ts';
import type { Command } from './command.ts';
import { connect, type Connection } from './connect.ts';
import { failureText } from './failure.ts';
import type { Io } from './io.ts';
import { CONNECTION_FLAGS, misused, readOwnFlags, SWITCH, TEXT } from './own-flags.ts';
import { bytesText, makeProgress, type Progress } from './progress.ts';

const POLL_MS = 200;

const HELP = `kindred backup: Back up the whole installation into a folder.

  kindred backup DIR           the database as of now, and every disk that DIR does not hold yet
  kindred backup --list DIR    what lies there

DIR is a path on the server's host, and best another disk: an empty folder, or the one of the
backups before. A backup that was interrupted is none; the next one goes on with its bytes.

  --keep N            afterwards only the newest N backups stay there
  --with-master-key   puts the master key into DIR too; without it, keep master.key elsewhere
  --list              list the backups in DIR
  --json              print the answer as JSON
  --endpoint URL      the server; else as for every command
  --profile NAME      a profile of ~/.aliyun/config.json
  --data DIR          a data directory of this machine, with or without a server

Not in a backup: objects in buckets, and root-key.json. kindred restore DIR brings it back.
Exit code: 0 whole, 1 when it failed or disks are lost, 2 wrong usage.
`;

interface Flags {
  directory: string;
  keep?: string;
  withMasterKey: boolean;
  isList: boolean;
  isJson: boolean;
  settings: { endpoint?: string; profile?: string; data?: string };
}

export const backup: Command = {
  summary: 'Back up the whole installation into a folder.',
  helpText: () => HELP,
  async run(argv, io) {
    const flags = readFlags(argv);
    const connection = await connect(flags.settings, io);
    try {
      return await (flags.isList ? list(connection, flags, io) : make(connection, flags, io));
    } catch (error) {
      if (!(error instanceof KindredError)) throw error;
      io.err(`kindred: ${failureText(error, connection.settings, 'backup')}`);
      return 1;
    } finally {
      await connection.close();
    }
  },
};

const readFlags = (argv: readonly string[]): Flags => {
  const { values, positionals } = readOwnFlags('backup', argv, {
    keep: TEXT,
    'with-master-key': SWITCH,
    list: SWITCH,
    json: SWITCH,
    ...CONNECTION_FLAGS,
  });
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0)
    throw misused('backup', 'backup takes one folder');
  const { keep, 'with-master-key': withMasterKey, list, json, ...settings } = values;
  return {
    directory: resolve(directory),
    withMasterKey: withMasterKey === true,
    isList: list === true,
    isJson: json === true,
    ...(keep !== undefined && { keep }),
    settings,
  };
};

const list = async (connection: Connection, flags: Flags, io: Io): Promise<number> => {
  const answer = await connection.send('DescribeBackups', { Directory: flags.directory });
  const format = flags.isJson || !io.isOutTerminal ? 'json' : 'table';
  io.out(answerText(operations.DescribeBackups!, answer, format, io.columns));
  return 0;
};

type Answer = Readonly<Record<string, unknown>>;

const make = async (connection: Connection, flags: Flags, io: Io): Promise<number> => {
  const { BackupId } = await connection.send('CreateBackup', {
    Directory: flags.directory,
    ...(flags.withMasterKey && { WithMasterKey: true }),
    ...(flags.keep !== undefined && { Keep: flags.keep }),
  });
  let progress: Progress | undefined;
  let run: Answer;
  for (;;) {
    run = await connection.send('DescribeBackup', { BackupId });
    if (run.Status !== 'Running') break;
    if (run.Phase === 'blobs') progress ??= makeProgress(io, 'copying disks', Number(run.NewBytes));
    progress?.at(Number(run.CopiedBytes));
    await new Promise((again) => setTimeout(again, POLL_MS));
  }
  progress?.end();
  if (run.Status === 'Failed') {
    io.err(
      `kindred: there is no backup ${String(BackupId)}: ${String(run.ErrorCode)}: ${String(run.ErrorMessage)}\nThe backups before it are as they were; the next one goes on with the bytes that are there.\n`,
    );
    return 1;
  }
  if (flags.isJson) io.out(`${JSON.stringify(run, null, 2)}\n`);
  else io.out(summary(run));
  return Number(run.LostCount) === 0 ? 0 : 1;
};

const summary = (run: Answer): string => {
  const size = (name: string): string => bytesText(Number(run[name]));
  const pruned = Number(run.PrunedCount);
  const lines = [
    `Backup ${String(run.BackupId)} in ${String(run.Directory)}: database ${size('DatabaseBytes')}, ${String(run.BlobCount)} disks with ${size('BlobBytes')}, of which ${String(run.NewBlobCount)} with ${size('NewBytes')} are new.`,
    ...(pruned > 0 ? [`${pruned} older backups were taken away.`] : []),
    run.HasMasterKey === 'True'
      ? `The master key ${String(run.MasterKeyId)} is in it: whoever reads the folder can open every secret.`
      : `The master key ${String(run.MasterKeyId)} is NOT in it: keep a copy of master.key in another place, for without it nobody can open the secrets in this backup (--with-master-key puts it in).`,
    'Objects in buckets are not in it: they are yours to keep.',
  ];
  for (const lost of (run.LostBlobs as { LostBlob: Answer[] }).LostBlob)
    lines.push(
      `LOST: ${String(lost.Digest)}, ${bytesText(Number(lost.SizeBytes))}: ${String(lost.Reason).toLowerCase()} in every store.`,
    );
  return lines.map((line) => `${line}\n`).join('');
};
