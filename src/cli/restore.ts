// `kindred restore DIR --data NEWDIR`. No operation: there is no installation yet that could be asked. It
// makes one, out of a backup.
import { planRestore } from '../server/backup/restore-plan.ts';
import { restore as restoreFrom, type RestoreReport } from '../server/backup/restore.ts';
import { readServeConfig } from '../server/config.ts';
import { readFaultPlan } from '../server/serve.ts';
import { systemClocks } from '../lib/clock.ts';
import { faultsOf } from '../lib/fault.ts';
import type { Command } from './command.ts';
import { misused, readOwnFlags, SWITCH, TEXT } from './own-flags.ts';
import { bytesText, makeProgress, type Progress } from './progress.ts';

const MAX_LISTED = 50;

const HELP = `kindred restore: Make a data directory out of a backup.

  kindred restore DIR --data NEWDIR

NEWDIR must be empty or not there. Everything is hashed while it is copied; images whose disks are
lost become UnAvailable, and their families name the image before. A restore that was interrupted
goes on when the same command is given again; until it has ended no server starts from NEWDIR.

  --data NEWDIR            where the data directory is made
  --backup ID              one of kindred backup --list DIR; else the newest
  --master-key-file FILE   the old master.key, when the backup does not hold it
  --blobs-from OLDDIR      looks for lost disks in another data directory or store, too
  --allow-network-fs       allow NEWDIR on NFS, SMB and the like
  --json                   print the report as JSON

All bytes come to lie in NEWDIR, those of regions with a store of their own (--region-blobs) too.
Exit code: 0 whole, 1 when disks are lost, 2 wrong usage or a backup that cannot be used.
`;

export const restore: Command = {
  summary: 'Make a data directory out of a backup.',
  helpText: () => HELP,
  async run(argv, io) {
    const { directory, dataDir, values } = readFlags(argv);
    const settings = readServeConfig(['--data', dataDir], io.environment);
    const plan = await planRestore({
      directory,
      dataDir,
      ...(values.backup !== undefined && { backupId: values.backup }),
      ...(values['master-key-file'] !== undefined && { masterKeyFile: values['master-key-file'] }),
      ...(values['blobs-from'] !== undefined && { blobsFrom: values['blobs-from'] }),
      ...(settings.masterKey !== undefined && { masterKey: settings.masterKey }),
      allowNetworkFs: values['allow-network-fs'] === true || settings.allowNetworkFs,
    });
    let progress: Progress | undefined;
    const faults = faultsOf(settings.hasTestControls ? readFaultPlan(io.environment) : undefined);
    const report = await restoreFrom(plan, {
      clocks: systemClocks,
      faults,
      onProgress: (copied, total) =>
        (progress ??= makeProgress(io, 'copying disks', total)).at(copied),
    });
    progress?.end();
    io.out(values.json === true ? `${JSON.stringify(report, null, 2)}\n` : summary(report));
    return report.lost.length === 0 ? 0 : 1;
  },
};

const readFlags = (argv: readonly string[]) => {
  const { values, positionals } = readOwnFlags('restore', argv, {
    data: TEXT,
    backup: TEXT,
    'master-key-file': TEXT,
    'blobs-from': TEXT,
    'allow-network-fs': SWITCH,
    json: SWITCH,
  });
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0)
    throw misused('restore', 'restore takes one folder');
  if (values.data === undefined) throw misused('restore', '--data NEWDIR is missing');
  return { directory, dataDir: values.data, values };
};

const summary = (report: RestoreReport): string => {
  const { lost, lostImages } = report;
  const lines = [
    `Restored backup ${report.backupId} into ${report.dataDir}: ${report.imageCount} images, ${report.blobCount} disks with ${bytesText(report.blobBytes)}; incarnation ${report.incarnation}.`,
  ];
  for (const { digest, sizeBytes, reason } of lost.slice(0, MAX_LISTED))
    lines.push(`LOST: ${digest}, ${bytesText(sizeBytes)}: ${reason.toLowerCase()}`);
  for (const { imageId, imageName, imageFamily } of lostImages.slice(0, MAX_LISTED))
    lines.push(
      `UnAvailable: ${imageId} (${imageName})${imageFamily === null ? '' : `, family ${imageFamily}`}`,
    );
  const hidden =
    Math.max(0, lost.length - MAX_LISTED) + Math.max(0, lostImages.length - MAX_LISTED);
  if (hidden > 0) lines.push(`(${hidden} more lines with --json)`);
  lines.push(
    'Not restored: objects in buckets, so that imports which had not ended fail, and root-key.json.',
    'Calls signed before now are refused. Next: kindred serve --data with this directory, then kindred fsck.',
  );
  return lines.map((line) => `${line}\n`).join('');
};
