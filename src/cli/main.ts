// The program: `kindred <command>`. Each command is a module that is loaded when it is asked for.
import { StartRefused } from '../server/refusal.ts';
import { helpOf, wantsHelp } from './command.ts';
import { findCommand } from './commands.ts';
import { processIo, type Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command and sets the exit code: 0, 2 for wrong usage, 1 for anything else. */
export const main = async (argv: readonly string[]): Promise<void> => {
  // Whoever reads the output may stop reading (`kindred help | head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await runCommand(argv, processIo());
};

const SPELLINGS: Readonly<Record<string, string>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
};

/** @returns the exit code */
export const runCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const [name = '', ...rest] = argv;
  try {
    if (name === '') {
      const { overviewText } = await import('./overview.ts');
      io.err(overviewText(io.columns));
      return 2;
    }
    const command = await findCommand(SPELLINGS[name] ?? name);
    if (!wantsHelp(rest)) return await command.run(rest, io);
    io.out(helpOf(name, command, io.columns, rest));
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof StartRefused;
    io.err(`kindred: ${(error as Error).message}\n`);
    if (!isUsage && io.environment.KINDRED_DEBUG) io.err(`${(error as Error).stack}\n`);
    return isUsage ? 2 : 1;
  }
};
