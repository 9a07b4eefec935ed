import { bytesText } from '../progress.ts';
import { connect } from '../connect.ts';
import { renderTable } from '../table.ts';
import type { Verb } from '../verb.ts';
import { readFlags } from './flags.ts';

const PAGE = 100;

type Row = Readonly<Record<string, unknown>>;

/** `kindred audit uses` */
export const uses: Verb = async (argv, io) => {
  const flags = readFlags('uses', argv, ['since', 'until', 'image', 'principal']);
  const { since, until, image, principal } = flags.texts;
  const input = {
    ...(since !== undefined && { StartDay: since }),
    ...(until !== undefined && { EndDay: until }),
    ...(image !== undefined && { ImageId: image }),
    ...(principal !== undefined && { Principal: principal }),
  };
  const connection = await connect(flags.settings, io);
  try {
    const rows: Row[] = [];
    for (let PageNumber = 1; ; PageNumber++) {
      const paging = { PageNumber, PageSize: PAGE };
      const answer = await connection.send('DescribeImageUses', { ...input, ...paging });
      rows.push(...(answer.Uses as { Use: Row[] }).Use);
      if (rows.length >= Number(answer.TotalCount)) break;
    }
    io.out(flags.isJson ? `${JSON.stringify(rows, null, 2)}\n` : table(rows, io.columns));
    return 0;
  } finally {
    await connection.close();
  }
};

const table = (rows: readonly Row[], columns: number): string =>
  renderTable(
    ['DAY', 'IMAGE', 'RESOLVED', 'READ', 'BYTES', 'WHO'],
    rows.map((row) => [
      String(row.Day),
      String(row.ImageId),
      String(row.Resolutions),
      String(row.Downloads),
      bytesText(Number(row.Bytes)),
      String(row.Principal),
    ]),
    columns,
  ).text;
