// The program: `kindred <command>`. Each command is a module that is loaded when it is asked for.
import { StartRefused } from '../server/refusal.ts';
import { commands } from './commands.ts';
import { printOverview } from './overview.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command and sets the exit code: 0, 2 for wrong usage, 1 for anything else. */
export const main = async (argv: readonly string[]): Promise<void> => {
  const [name = '', ...rest] = argv;
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    await printOverview(rest[0]);
    process.exitCode = name === '' ? 2 : 0;
    return;
  }
  try {
    const command = await commands(name);
    process.exitCode = await command.run(rest);
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof StartRefused;
    process.stderr.write(`kindred: ${(error as Error).message}\n`);
    if (!isUsage && process.env.KINDRED_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
};
