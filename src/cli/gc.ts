// `kindred gc`: CollectGarbage, call after call until everything was looked at, and what came of it in sums.
import { KindredError } from '../client/kindred-error.ts';
import type { Command } from './command.ts';
import { connect, type Connection } from './connect.ts';
import { failureText } from './failure.ts';
import type { Io } from './io.ts';
import { CONNECTION_FLAGS, readOnlyFlags, SWITCH } from './own-flags.ts';
import { bytesText } from './progress.ts';
import { renderTable } from './table.ts';

const CLEAR_LINE = '\r\u001b[K';
const SUMMARY = 'Remove stored bytes that nothing owns any more; --dry-run only lists them.';

interface Found {
  Kind: string;
  Name: string;
  Place: string;
  SizeBytes: number;
}

const WORDS: Readonly<Record<string, string>> = {
  UnreferencedBlob: 'bytes of deleted images and snapshots',
  UnneededCopy: 'copies in stores that no region needs',
  OrphanBlob: 'files in stores that no row tells of',
  StaleStaging: 'staged files whose work is over',
  UnfinishedPut: 'interrupted puts into S3',
  SpentUpload: 'deleted and expired uploads',
  BucketLeftover: 'abandoned bodies and parts in buckets',
};

const helpText = (): string => `kindred gc: ${SUMMARY}

  --dry-run        list what would go; change nothing
  --list           also a line for each thing
  --json           print the answer of CollectGarbage, whole
  --endpoint URL   the server; without one the data directory itself is read
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       a data directory of this machine (./kindred-data)

The server does the same by itself every ten minutes; this is for when the room is needed now. What an
image, a snapshot, a disk, a job or a running backup needs stays, and so does what is younger than a day
and has no row. Bytes of an image stay as long as one of its snapshots does: kindred df shows those.
After Ctrl-C the server ends what it is at, in a few seconds; run it again to go on.

Example:
  kindred gc --dry-run --list

Exit codes: 0 done, 1 refused or not reached, 2 wrong usage.
`;

export const gc: Command = {
  summary: SUMMARY,
  helpText,
  async run(argv, io) {
    const { json, list, ...flags } = readOnlyFlags('gc', argv, {
      'dry-run': SWITCH,
      list: SWITCH,
      json: SWITCH,
      ...CONNECTION_FLAGS,
    });
    const isPlan = flags['dry-run'] === true;
    const connection = await connect(flags, io);
    try {
      const found = await collect(connection, isPlan, io);
      if (json === true) io.out(`${JSON.stringify(answerOf(found), null, 2)}\n`);
      else io.out(report(found, { isPlan, isListed: list === true }, io));
      return 0;
    } catch (error) {
      if (!(error instanceof KindredError)) throw error;
      io.err(`kindred: ${failureText(error, connection.settings, 'gc')}`);
      return 1;
    } finally {
      await connection.close();
    }
  },
};

const collect = async (connection: Connection, isPlan: boolean, io: Io): Promise<Found[]> => {
  const found: Found[] = [];
  let NextToken = '';
  try {
    do {
      const answer = await connection.send('CollectGarbage', {
        ...(isPlan && { Mode: 'plan' }),
        ...(NextToken && { NextToken }),
      });
      // The answer's own schema.
      found.push(...(answer.Garbage as { Garbage: Found[] }).Garbage);
      NextToken = answer.NextToken as string;
      if (io.isErrTerminal && NextToken !== '')
        io.err(`${CLEAR_LINE}${found.length} found, ${bytesText(sizeOf(found))}`);
    } while (NextToken !== '');
    return found;
  } finally {
    if (io.isErrTerminal) io.err(CLEAR_LINE);
  }
};

const sizeOf = (found: readonly Found[]): number =>
  found.reduce((sum, { SizeBytes }) => sum + SizeBytes, 0);

const byKind = (found: readonly Found[]): [kind: string, ofKind: Found[]][] =>
  Object.entries(Object.groupBy(found, ({ Kind }) => Kind)).map(([kind, ofKind = []]) => [
    kind,
    ofKind,
  ]);

/** Of all calls, in the shape of one. */
const answerOf = (found: readonly Found[]) => ({
  Kinds: {
    Kind: byKind(found).map(([Kind, ofKind]) => ({
      Kind,
      Count: ofKind.length,
      SizeBytes: sizeOf(ofKind),
    })),
  },
  Garbage: { Garbage: found },
  NextToken: '',
});

const report = (
  found: readonly Found[],
  { isPlan, isListed }: { isPlan: boolean; isListed: boolean },
  io: Io,
): string => {
  if (found.length === 0) return `nothing ${isPlan ? 'to remove' : 'was to be removed'}\n`;
  const lines = found.map(({ Kind, Name, Place, SizeBytes }) => [
    Kind,
    bytesText(SizeBytes),
    Place,
    Name,
  ]);
  const list = renderTable(['KIND', 'SIZE', 'PLACE', 'NAME'], lines, io.columns).text;
  const sums = byKind(found).map(([kind, ofKind]) => [
    WORDS[kind] ?? kind,
    String(ofKind.length),
    bytesText(sizeOf(ofKind)),
  ]);
  sums.push(['total', String(found.length), bytesText(sizeOf(found))]);
  const header = [isPlan ? 'WOULD GO' : 'REMOVED', 'COUNT', 'SIZE'];
  return `${isListed ? `${list}\n` : ''}${renderTable(header, sums, io.columns).text}`;
};
