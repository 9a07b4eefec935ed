// The lines of the audit trail, oldest first: out of a server or a data directory page by page, or out of a
// file that was exported before.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Link } from '../../lib/hash-chain.ts';
import type { Connection } from '../connect.ts';

const PAGE = 1_000;

export interface Page {
  lines: readonly string[];
  /** What the first line of all follows; undefined when nobody says. */
  start: Link | undefined;
}

/** Page by page; the input is that of ExportAuditRecords. */
export async function* pagesOf(
  connection: Connection,
  input: Readonly<Record<string, string | number>>,
): AsyncGenerator<Page> {
  let after = Number(input.AfterSequence ?? 0);
  do {
    const answer = await connection.send('ExportAuditRecords', {
      ...input,
      AfterSequence: after,
      MaxResults: PAGE,
    });
    const start = { sequence: Number(answer.StartSequence), hash: String(answer.StartHash) };
    yield { lines: (answer.Lines as { Line: string[] }).Line, start };
    after = Number(answer.NextSequence);
  } while (after > 0);
}

/** Of a file, some at a time. */
export async function* pagesOfFile(path: string): AsyncGenerator<Page> {
  let lines: string[] = [];
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    if (line.trim() === '') continue;
    lines.push(line);
    if (lines.length === PAGE) {
      yield { lines, start: undefined };
      lines = [];
    }
  }
  yield { lines, start: undefined };
}
