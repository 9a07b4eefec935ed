import { VERSION } from '../server/version.ts';
import type { Command } from './command.ts';

export const version: Command = {
  summary: 'Print the version.',
  async run(_argv, io) {
    io.out(`kindred ${VERSION} (Node.js ${process.versions.node})\n`);
    return 0;
  },
};
