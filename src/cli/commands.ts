// Which commands there are. A command's module is loaded when it is asked for, and the data of the
// operations only when no own command has the name: `kindred serve` loads neither.
import type { Command } from './command.ts';
import { kebab } from './flag-names.ts';
import { suggestion } from '../lib/nearest.ts';
import { UsageError } from './usage-error.ts';

interface OwnCommand {
  /** Heading of the overview under which it stands. */
  group: string;
  /** As in the module, which the overview need not load; a test holds the two together. */
  summary: string;
  load: () => Promise<Command>;
}

const alias = (name: 'accounts' | 'keys' | 'families' | 'fsck') => async () =>
  (await import('./alias-command.ts')).aliasCommand(name);

const SERVER = 'The server';
const OFTEN = 'Often used';
const PROGRAM = 'This program';

/** The commands that are not operations, in the order of the overview. */
export const OWN_COMMANDS: Readonly<Record<string, OwnCommand>> = {
  serve: {
    group: SERVER,
    summary: 'Start the server.',
    load: async () => (await import('./serve.ts')).serve,
  },
  demo: {
    group: SERVER,
    summary: 'Show the main job on a real disk image; --once exits afterwards.',
    load: async () => (await import('./demo.ts')).demo,
  },
  doctor: {
    group: SERVER,
    summary: 'Look whether this machine, the data directory and the server are well.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  health: {
    group: SERVER,
    summary: 'Ask whether the server is well; the exit code tells.',
    load: async () => (await import('./health.ts')).health,
  },
  inspect: {
    group: PROGRAM,
    summary: 'Check disk image files as an import would, without a server.',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  fsck: {
    group: SERVER,
    summary: 'Recount everything and list what does not fit; exit code 1 if anything.',
    load: alias('fsck'),
  },
  verify: {
    group: SERVER,
    summary: 'Read all stored bytes and hash them; exit code 1 when some are damaged.',
    load: async () => (await import('./verify.ts')).verify,
  },
  gc: {
    group: SERVER,
    summary: 'Remove stored bytes that nothing owns any more; --dry-run only lists them.',
    load: async () => (await import('./gc.ts')).gc,
  },
  df: {
    group: OFTEN,
    summary: 'Show what takes room, by region and family, and which quotas are nearly used up.',
    load: async () => (await import('./df.ts')).df,
  },
  backup: {
    group: SERVER,
    summary: 'Back up the whole installation into a folder.',
    load: async () => (await import('./backup.ts')).backup,
  },
  restore: {
    group: SERVER,
    summary: 'Make a data directory out of a backup.',
    load: async () => (await import('./restore.ts')).restore,
  },
  'rotate-master-key': {
    group: SERVER,
    summary: 'Seal all secrets under a new master key; no server may run.',
    load: async () => (await import('./rotate-master-key.ts')).rotateMasterKey,
  },
  audit: {
    group: SERVER,
    summary: 'List, export and verify the audit trail: who changed what.',
    load: async () => (await import('./audit/audit.ts')).audit,
  },
  tls: {
    group: SERVER,
    summary: 'Make a local CA and a certificate, to serve HTTPS.',
    load: async () => (await import('./tls/tls.ts')).tls,
  },
  seed: {
    group: SERVER,
    summary:
      'Fill a test server from a file, write what is there into one, or read a real account.',
    load: async () => (await import('./seed/seed.ts')).seed,
  },
  run: {
    group: OFTEN,
    summary: 'Run a command that finds Kindred where it thinks the cloud is.',
    load: async () => (await import('./run/run.ts')).run,
  },
  push: {
    group: OFTEN,
    summary: 'Send a disk image in, check it, and publish it into a family.',
    load: async () => (await import('./push/push.ts')).push,
  },
  accounts: { group: OFTEN, summary: 'List the accounts, or make one.', load: alias('accounts') },
  keys: { group: OFTEN, summary: 'List, make, switch and delete AccessKeys.', load: alias('keys') },
  families: {
    group: OFTEN,
    summary: 'List the image families of a region and what each names now.',
    load: alias('families'),
  },
  prune: {
    group: OFTEN,
    summary: 'Delete the old images of a family, with snapshots that nothing else uses.',
    load: async () => (await import('./prune.ts')).prune,
  },
  pull: {
    group: OFTEN,
    summary: 'Fetch the bytes of a family or an image, with resume and verification.',
    load: async () => (await import('./pull/pull.ts')).pull,
  },
  completion: {
    group: PROGRAM,
    summary: 'Print a completion script for bash, zsh or fish.',
    load: async () => (await import('./completion.ts')).completion,
  },
  version: {
    group: PROGRAM,
    summary: 'Print the version.',
    load: async () => (await import('./version.ts')).version,
  },
  help: {
    group: PROGRAM,
    summary: 'List the commands, or explain one.',
    load: async () => (await import('./overview.ts')).overview,
  },
};

/** @throws UsageError when there is no such command */
export const findCommand = async (name: string): Promise<Command> => {
  const own = Object.hasOwn(OWN_COMMANDS, name) ? OWN_COMMANDS[name] : undefined;
  if (own !== undefined) return own.load();
  const [{ operations }, { operationCommand }] = await Promise.all([
    import('../client/data.ts'),
    import('./operation-command.ts'),
  ]);
  const all = Object.values(operations);
  const operation = all.find((operation) => kebab(operation.name) === name);
  if (operation !== undefined) return operationCommand(operation);
  const names = [...Object.keys(OWN_COMMANDS), ...all.map((operation) => kebab(operation.name))];
  throw new UsageError(
    `there is no command ${name}.${suggestion(kebab(name), names)} kindred help lists all commands.`,
  );
};
