import { OWN_COMMANDS } from './commands.ts';

/** `kindred help`: every command with one line. */
export const printOverview = async (_topic?: string): Promise<void> => {
  const lines = ['kindred <command>', ''];
  for (const [name, load] of Object.entries(OWN_COMMANDS))
    lines.push(`  ${name.padEnd(12)} ${(await load()).summary}`);
  lines.push('', 'kindred <command> --help says more.');
  process.stdout.write(`${lines.join('\n')}\n`);
};
