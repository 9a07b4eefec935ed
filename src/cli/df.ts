// `kindred df`: what takes room, as a table; what is nearly used up goes to standard error, line by line.
import { KindredError } from '../client/kindred-error.ts';
import type { Command } from './command.ts';
import { connect } from './connect.ts';
import { failureText } from './failure.ts';
import type { Io } from './io.ts';
import { bytesText } from './progress.ts';
import { renderTable } from './table.ts';
import { CONNECTION_FLAGS, readOnlyFlags, SWITCH, TEXT } from './own-flags.ts';

type Answer = Record<string, unknown>;

const summary = 'Show what takes room, by region and family, and which quotas are nearly used up.';

const helpText = (): string => `kindred df: ${summary}

  --region REGION  only this region; without it all
  --json           print the answer of DescribeStorageUsage
  --endpoint URL   the server; without one the data directory itself is read
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       a data directory of this machine (./kindred-data)

SIZE is bytes as stored, the same bytes once within a row; SHARED of it is held by images outside the
family too, and comes back only when they go as well. "snapshots only" is what no image uses any more:
delete those snapshots, and the sweep gives the bytes back. Only the own account is counted; with the
operator's key the file systems of the stores are shown as well.

Warnings (from 80 % of a quota or a file system on) go to standard error and leave the exit code.
Exit codes: 0 answered, 1 refused or not reached, 2 wrong usage.
`;

export const df: Command = {
  summary,
  helpText,
  async run(argv, io) {
    const { json, region, ...flags } = flagsOf(argv);
    const connection = await connect(flags, io);
    try {
      const input = region === undefined ? {} : { RegionId: region };
      const found = await connection.send('DescribeStorageUsage', input);
      io.out(json === true ? `${JSON.stringify(found, null, 2)}\n` : report(found, io));
      for (const { Message } of entries(found, 'Warnings', 'Warning'))
        io.err(`warning: ${String(Message)}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof KindredError)) throw error;
      io.err(`kindred: ${failureText(error, connection.settings, 'df')}`);
      return 1;
    } finally {
      await connection.close();
    }
  },
};

const flagsOf = (argv: readonly string[]) =>
  readOnlyFlags('df', argv, { json: SWITCH, region: TEXT, ...CONNECTION_FLAGS });

/** The schema of the operation wraps every list. */
const entries = (found: Answer, list: string, entry: string): Answer[] =>
  (found[list] as Record<string, Answer[]>)[entry]!;

const size = (bytes: unknown): string => bytesText(Number(bytes));

const ofLimit = (count: unknown, limit: unknown): string =>
  Number(limit) === 0 ? String(count) : `${String(count)}/${String(limit)}`;

const report = (found: Answer, io: Io): string => {
  const table = (names: readonly string[], rows: readonly (readonly string[])[]): string =>
    rows.length === 0 ? '' : `${renderTable(names, rows, io.columns).text}\n`;
  const families = entries(found, 'Families', 'Family').map((family) => [
    String(family.ImageFamily) || '(no family)',
    size(family.SizeBytes),
    size(family.SharedBytes),
    ofLimit(family.ImageCount, family.ImageLimit),
    String(family.RegionId),
  ]);
  const rest = found.Remaining as Answer;
  if (Number(rest.RowCount) > 0)
    families.push([
      `(${String(rest.RowCount)} more)`,
      size(rest.SizeBytes),
      size(rest.SharedBytes),
      String(rest.ImageCount),
      '',
    ]);
  const held = (row: Answer): string[] => [
    size(row.SizeBytes),
    size(row.SnapshotOnlyBytes),
    size(row.DiskOnlyBytes),
  ];
  const regions = entries(found, 'Regions', 'Region').map((region) => [
    String(region.RegionId),
    ...held(region),
    ofLimit(region.ImageCount, region.ImageLimit),
    ofLimit(region.FamilyCount, region.FamilyLimit),
  ]);
  const total = found.Total as Answer;
  regions.push(['total', ...held(total), String(total.ImageCount), '']);
  const stores = entries(found, 'Stores', 'Store').map((store) => [
    String(store.Store),
    size(store.FreeBytes),
    size(store.TotalBytes),
  ]);
  return [
    table(['FAMILY', 'SIZE', 'SHARED', 'IMAGES', 'REGION'], families),
    table(['REGION', 'SIZE', 'SNAPSHOTS ONLY', 'DISKS ONLY', 'IMAGES', 'FAMILIES'], regions),
    table(['STORE', 'FREE', 'OF'], stores),
  ]
    .join('')
    .trimEnd()
    .concat('\n');
};
