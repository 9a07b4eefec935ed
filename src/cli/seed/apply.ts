// `kindred seed apply`: a file, however large, over calls of ApplySeed.
import { applySeed } from '../../client/seed.ts';
import { connect } from '../connect.ts';
import { CONNECTION_FLAGS, misused, readOwnFlags, SWITCH } from '../own-flags.ts';
import { readSeedFile } from './seed-file.ts';
import type { Verb } from '../verb.ts';

const CLEAR_LINE = '\r\u001b[K';

export const apply: Verb = async (argv, io) => {
  const { values, positionals } = readOwnFlags('seed', argv, {
    json: SWITCH,
    ...CONNECTION_FLAGS,
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw misused('seed', 'seed apply takes one FILE');
  const { json, ...flags } = values;
  const given = readSeedFile(file);
  const connection = await connect(flags, io);
  try {
    const counts = await applySeed(
      (input) => connection.send('ApplySeed', input),
      given,
      (done, total) => {
        if (io.isErrTerminal) io.err(`${CLEAR_LINE}${done} of ${total} images`);
      },
    ).finally(() => {
      if (io.isErrTerminal) io.err(CLEAR_LINE);
    });
    if (json === true) io.out(`${JSON.stringify(counts, null, 2)}\n`);
    else
      io.out(
        `made ${counts.ImageCount} images and ${counts.AccountCount} accounts; ${counts.LeftCount} images were there\n`,
      );
    return 0;
  } finally {
    await connection.close();
  }
};
