// `kindred seed export`: the pages of ExportSeed as one file on standard output.
import { exportSeed } from '../../client/seed.ts';
import { connect } from '../connect.ts';
import { CONNECTION_FLAGS, readOnlyFlags } from '../own-flags.ts';
import type { Verb } from '../verb.ts';

export const exportFile: Verb = async (argv, io) => {
  const flags = readOnlyFlags('seed', argv, CONNECTION_FLAGS);
  const connection = await connect(flags, io);
  try {
    const { seed, leftOut } = await exportSeed((input) => connection.send('ExportSeed', input));
    io.out(`${JSON.stringify(seed, null, 2)}\n`);
    if (leftOut > 0)
      io.err(`${leftOut} images are left out, on which work goes on (Creating, Waiting)\n`);
    return 0;
  } finally {
    await connection.close();
  }
};
