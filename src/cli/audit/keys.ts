import { keyIdOf } from '../../lib/checkpoint.ts';
import { connect } from '../connect.ts';
import { renderTable } from '../table.ts';
import type { Verb } from '../verb.ts';
import { readFlags } from './flags.ts';

/** `kindred audit keys` */
export const keys: Verb = async (argv, io) => {
  const flags = readFlags('keys', argv, []);
  const connection = await connect(flags.settings, io);
  try {
    const answer = await connection.send('DescribeAuditKeys', {});
    if (flags.isJson) {
      io.out(`${JSON.stringify(answer, null, 2)}\n`);
      return 0;
    }
    const rows = (answer.Keys as { Key: Record<string, unknown>[] }).Key.map((key) => [
      keyIdOf(String(key.PublicKey)),
      String(key.PublicKey),
      String(key.Incarnation),
      String(key.CreationTime),
    ]);
    io.out(renderTable(['KEY', 'PUBLIC KEY', 'INCARNATION', 'SINCE'], rows, io.columns).text);
    return 0;
  } finally {
    await connection.close();
  }
};
