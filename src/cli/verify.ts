// `kindred verify`: asks for a verification, waits for its end and lists what is damaged. Stopping the
// command stops nothing: with a server the work goes on there.
import { operations } from '../client/data.ts';
import { KindredError } from '../client/kindred-error.ts';
import type { Command } from './command.ts';
import { connect } from './connect.ts';
import { failureText } from './failure.ts';
import type { Io } from './io.ts';
import { renderTable } from './table.ts';
import { waitForWork, WorkFailed } from './wait.ts';
import { CONNECTION_FLAGS, misused, readOnlyFlags, SWITCH, TEXT } from './own-flags.ts';

type Answer = Record<string, unknown>;

const helpText =
  (): string => `kindred verify: Read all stored bytes and hash them; exit code 1 when some are damaged.

  --json           print the answer of DescribeVerification
  --rate MIB       MiB to read in a second at most (256)
  --endpoint URL   the server; without one the data directory itself is read
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       a data directory of this machine (./kindred-data)

A damaged file is repaired from another store that has the same bytes. If none has, every image with
these bytes becomes UnAvailable, and its family names the image before it. Importing the same bytes
again heals them, and so does putting the file back and running this command.
The server does the same by itself (kindred serve --verify-every DAYS, 7 by default).

Exit codes: 0 everything is whole, 1 damage was found (also when it was repaired), 2 wrong usage.
`;

export const verify: Command = {
  summary: 'Read all stored bytes and hash them; exit code 1 when some are damaged.',
  helpText,
  async run(argv, io) {
    const { json, rate, ...flags } = flagsOf(argv);
    const connection = await connect(flags, io);
    try {
      const input = rate === undefined ? {} : { RateMib: Number(rate) };
      const started = await connection.send('StartVerification', input);
      await waitForWork(connection, operations.StartVerification!, input, started, io);
      const { VerificationId } = started;
      const found = await connection.send('DescribeVerification', { VerificationId });
      io.out(json === true ? `${JSON.stringify(found, null, 2)}\n` : report(found, io));
      return Number(found.DamagedBlobs) + Number(found.DamagedCount) > 0 ? 1 : 0;
    } catch (error) {
      if (error instanceof KindredError)
        io.err(`kindred: ${failureText(error, connection.settings, 'verify')}`);
      else if (error instanceof WorkFailed) io.err(`kindred: ${error.message}.\n`);
      else throw error;
      return 1;
    } finally {
      await connection.close();
    }
  },
};

const flagsOf = (argv: readonly string[]) => {
  const values = readOnlyFlags('verify', argv, { json: SWITCH, rate: TEXT, ...CONNECTION_FLAGS });
  if (values.rate !== undefined && !/^[1-9]\d{0,3}$/.test(values.rate))
    throw misused('verify', '--rate is a whole number of MiB from 1 to 9999');
  return values;
};

const report = (found: Answer, io: Io): string => {
  const copies = (found.DamagedCopies as { DamagedCopy: Answer[] }).DamagedCopy;
  const rows = copies.map((copy) => [
    String(copy.Damage),
    copy.IsServed === true
      ? 'served from another store'
      : (copy.UnavailableImages as { ImageId: string[] }).ImageId.join(' ') || '-',
    String(copy.Store),
    String(copy.Digest),
  ]);
  const names = ['DAMAGE', 'UNAVAILABLE IMAGES', 'STORE', 'DIGEST'];
  const table = rows.length === 0 ? '' : renderTable(names, rows, io.columns).text;
  const { CheckedBlobs, CheckedBytes, DamagedBlobs, RepairedBlobs, DamagedCount } = found;
  const size = (Number(CheckedBytes) / 1024 ** 3).toFixed(2);
  return `${table}${String(CheckedBlobs)} files read (${size} GiB), ${String(DamagedBlobs)} found damaged, ${String(RepairedBlobs)} repaired, ${String(DamagedCount)} damaged now\n`;
};
