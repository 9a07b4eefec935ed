// `kindred audit verify`: takes the lines as they are given out and checks them here, so that nothing rests
// on what the server says of itself but the lines; heads and checkpoints that were kept elsewhere are
// compared on the way. One pass, whatever the length.
import { existsSync } from 'node:fs';
import { splitLine, type Link } from '../../lib/hash-chain.ts';
import { connect } from '../connect.ts';
import type { Io } from '../io.ts';
import type { Verb } from '../verb.ts';
import { readFlags, usage, type Flags } from './flags.ts';
import { pagesOf, pagesOfFile, type Page } from './lines.ts';
import { TrailCheck, type TrailReport } from './trail-check.ts';

const FLAGS = ['file', 'expect-head', 'checkpoints', 'public-key'];

export const verifyTrail: Verb = async (argv, io) => {
  const flags = readFlags('verify', argv, FLAGS);
  const { file, checkpoints, 'public-key': publicKey } = flags.texts;
  for (const path of [file, checkpoints])
    if (path !== undefined && !existsSync(path))
      throw usage('verify', `the file ${path} does not exist`);
  const check = new TrailCheck({
    expected: expectedHead(flags.texts['expect-head']),
    ...(publicKey !== undefined && { publicKey }),
  });
  if (checkpoints !== undefined)
    for await (const { lines } of pagesOfFile(checkpoints)) check.takeCheckpoints(lines);
  if (file !== undefined) await take(pagesOfFile(file), check);
  else await takeFromServer(flags, check, io);
  const report = check.end(checkpoints !== undefined);
  io.out(flags.isJson ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.faultCount === 0 ? 0 : 1;
};

/** @throws UsageError */
const expectedHead = (given: string | undefined): Link | undefined => {
  if (given === undefined) return undefined;
  const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given);
  if (found === null)
    throw usage('verify', '--expect-head is SEQUENCE:HASH, as an earlier verify printed it');
  return { sequence: Number(found[1]), hash: found[2]! };
};

const takeFromServer = async (flags: Flags, check: TrailCheck, io: Io): Promise<void> => {
  const connection = await connect(flags.settings, io);
  try {
    await take(pagesOf(connection, {}), check);
    await compareColumns((input) => connection.send('VerifyAuditTrail', input), check);
  } finally {
    await connection.close();
  }
};

const take = async (pages: AsyncIterable<Page>, check: TrailCheck): Promise<void> => {
  for await (const { lines, start } of pages) {
    check.begin(start);
    for (const line of lines) check.take(splitLine(line), line);
  }
};

/** What records are found by is not in the lines: there the server is asked. */
const compareColumns = async (
  send: (input: object) => Promise<Record<string, unknown>>,
  check: TrailCheck,
): Promise<void> => {
  let input = {};
  for (;;) {
    const answer = await send(input);
    const { Fault } = answer.Faults as {
      Fault: { Kind: string; Sequence: number; Message: string }[];
    };
    for (const { Kind, Sequence, Message } of Fault)
      if (Kind === 'columns') check.columnFault(Sequence, Message);
    if (answer.IsAtHead === true) return;
    input = { AfterSequence: answer.LastSequence, AfterHash: answer.LastHash };
  }
};

const reportText = (report: TrailReport): string => {
  const { checkedCount, first, head, faults, faultCount, notes } = report;
  const lines = [
    ...faults.map(({ kind, sequence, message }) => `FAULT  ${kind} at ${sequence}: ${message}`),
    ...(faultCount > faults.length ? [`FAULT  ${faultCount - faults.length} more`] : []),
    ...notes,
    checkedCount === 0
      ? 'no records'
      : `${checkedCount} records, ${first} to ${head!.sequence}: ${faultCount === 0 ? 'whole' : `${faultCount} faults`}`,
    ...(head === undefined ? [] : [`head ${head.sequence}:${head.hash}`]),
  ];
  return `${lines.join('\n')}\n`;
};
