import { connect } from '../connect.ts';
import type { Verb } from '../verb.ts';
import { countOf, readFlags, spanOf } from './flags.ts';
import { pagesOf } from './lines.ts';

/** `kindred audit export`: the lines on standard output, how many on standard error. */
export const exportLines: Verb = async (argv, io) => {
  const flags = readFlags('export', argv, ['since', 'until', 'after']);
  const { after } = flags.texts;
  const input = {
    ...spanOf('export', flags),
    ...(after !== undefined && { AfterSequence: countOf('export', 'after', after) }),
  };
  const connection = await connect(flags.settings, io);
  try {
    let count = 0;
    for await (const { lines } of pagesOf(connection, input)) {
      count += lines.length;
      if (lines.length > 0) io.out(`${lines.join('\n')}\n`);
    }
    io.err(`${count} records\n`);
    return 0;
  } finally {
    await connection.close();
  }
};
