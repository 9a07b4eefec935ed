// `kindred audit list`: the newest records as a table. A page of the server may be empty and go on; the
// command asks until it has as many as were wanted, or the end.
import { connect } from '../connect.ts';
import { renderTable } from '../table.ts';
import type { Verb } from '../verb.ts';
import { countOf, readFlags, spanOf } from './flags.ts';

const USUAL_LIMIT = 50;
const MOST_A_CALL = 500;

type Row = Readonly<Record<string, unknown>>;

const PARAMETERS: Readonly<Record<string, string>> = {
  principal: 'Principal',
  action: 'EventName',
  resource: 'Resource',
  'request-id': 'EventRequestId',
  account: 'AccountId',
};

export const list: Verb = async (argv, io) => {
  const names = ['since', 'until', 'limit', ...Object.keys(PARAMETERS)];
  const flags = readFlags('list', argv, names);
  const { limit } = flags.texts;
  const wanted = limit === undefined ? USUAL_LIMIT : countOf('list', 'limit', limit);
  const input: Record<string, string | number> = { ...spanOf('list', flags) };
  for (const [flag, parameter] of Object.entries(PARAMETERS)) {
    const given = flags.texts[flag];
    if (given !== undefined) input[parameter] = given;
  }
  const connection = await connect(flags.settings, io);
  try {
    const rows: Row[] = [];
    for (let token = ''; ;) {
      const answer = await connection.send('DescribeAuditRecords', {
        ...input,
        MaxResults: Math.max(1, Math.min(MOST_A_CALL, wanted - rows.length)),
        ...(token !== '' && { NextToken: token }),
      });
      rows.push(...(answer.Records as { Record: Row[] }).Record);
      token = String(answer.NextToken);
      if (token === '' || rows.length >= wanted) break;
    }
    io.out(
      flags.isJson
        ? rows.map(({ Record }) => `${String(Record)}\n`).join('')
        : table(rows, io.columns),
    );
    return 0;
  } finally {
    await connection.close();
  }
};

const table = (rows: readonly Row[], columns: number): string =>
  renderTable(
    ['TIME', 'ACTION', 'OUTCOME', 'WHO', 'FROM', 'RESOURCES', 'REQUEST'],
    rows.map((row) => [
      String(row.EventTime),
      String(row.EventName),
      String(row.ErrorCode) || 'ok',
      String(row.Principal) || '-',
      String(row.SourceIpAddress) || '-',
      (row.Resources as { Resource: string[] }).Resource.join(' ') || '-',
      String(row.RequestId),
    ]),
    columns,
  ).text;
