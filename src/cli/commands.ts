import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** The commands that are not operations, in the order of the overview. */
export const OWN_COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  demo: async () => (await import('./demo.ts')).demo,
  version: async () => (await import('./version.ts')).version,
};

/** @throws UsageError when there is no such command */
export const commands = async (name: string): Promise<Command> => {
  const own = Object.hasOwn(OWN_COMMANDS, name) ? OWN_COMMANDS[name] : undefined;
  if (own) return own();
  throw new UsageError(`there is no command ${name}; kindred help lists them`);
};
