// `kindred prune FAMILY --keep N`: the command of PruneImageFamily in fewer words. Only words are
// exchanged; the command of the operation does the work.
import { operations } from '../client/data.ts';
import type { Command } from './command.ts';
import { definitions } from './layout.ts';
import { operationCommand } from './operation-command.ts';
import { COMMON_FLAGS } from './operation-flags.ts';
import { EXIT_CODES } from './operation-help.ts';
import { UsageError } from './usage-error.ts';
import { CONNECTION_FLAGS, readOwnFlags, SWITCH, TEXT } from './own-flags.ts';

const FLAGS = {
  keep: { value: 'N', help: 'Available images that stay, newest first; at least 1. Required.' },
  'older-than': { value: '30d', help: 'Delete only what was created so many days ago or more.' },
  'dry-run': { help: 'Show what would go and why the others stay; change nothing.' },
  region: { value: 'ID', help: 'The region; else ALIBABA_CLOUD_REGION_ID or the profile.' },
  json: { help: 'Print the answer as JSON; the same as --output json.' },
  ...COMMON_FLAGS,
};

const SUMMARY = 'Delete the old images of a family, with snapshots that nothing else uses.';

export const prune: Command = {
  summary: SUMMARY,
  helpText: (columns) => `kindred prune FAMILY --keep N [flags]: ${SUMMARY}

It deletes at once and asks nothing: look first with --dry-run. The head stays, and so does what is in use,
shared, public, or being made, copied or exported; the answer says why. At most 100 images a call.

${definitions(
  Object.entries(FLAGS).map(
    ([name, flag]) => [`  --${name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.help] as const,
  ),
  columns,
)}

Example:
  kindred prune web --keep 5 --older-than 30d --dry-run

${EXIT_CODES}
`,
  async run(argv, io) {
    return operationCommand(operations.PruneImageFamily!).run(expand(argv), io);
  },
};

const expand = (argv: readonly string[]): string[] => {
  const { values, positionals } = parse(argv);
  const [family, ...more] = positionals;
  if (family === undefined || more.length > 0)
    throw new UsageError('kindred prune needs one FAMILY: kindred prune FAMILY --keep N.');
  if (values.keep === undefined)
    throw new UsageError('kindred prune needs --keep N, how many Available images stay.');
  const words = [`--image-family=${family}`, `--keep=${values.keep}`];
  const age = values['older-than'];
  if (age !== undefined) {
    const days = /^(\d+)d$/.exec(age)?.[1];
    if (days === undefined)
      throw new UsageError('--older-than takes whole days, for example --older-than 30d.');
    words.push(`--older-than-days=${days}`);
  }
  if (values['dry-run'] === true) words.push('--mode=plan');
  if (values.region !== undefined) words.push(`--region-id=${values.region}`);
  for (const name of ['endpoint', 'profile', 'data'] as const)
    if (values[name] !== undefined) words.push(`--${name}=${values[name]}`);
  const output = values.json === true ? 'json' : values.output;
  return output === undefined ? words : [...words, `--output=${output}`];
};

const parse = (argv: readonly string[]) =>
  readOwnFlags('prune', argv, {
    keep: TEXT,
    'older-than': TEXT,
    region: TEXT,
    'dry-run': SWITCH,
    json: SWITCH,
    output: TEXT,
    ...CONNECTION_FLAGS,
  });
