// `kindred completion`: gathers every command with the flags and words that may stand after it, from
// the same data that the commands read, for the scripts to hold.
import { operations } from '../client/data.ts';
import type { FieldData, OperationData } from '../client/operation-data.ts';
import { ALIASES } from './alias-command.ts';
import { FORMATS } from './answer-text.ts';
import { helpOf, type Command } from './command.ts';
import { OWN_COMMANDS } from './commands.ts';
import { SCRIPTS, type Shell, type Word } from './completion-scripts.ts';
import { kebab } from './flag-names.ts';
import { commonFlagsOf } from './operation-flags.ts';
import { UsageError } from './usage-error.ts';

/** Columns that break no line of help. */
const WIDE = 500;

const HELP = `kindred completion: Print a completion script for bash, zsh or fish.

  bash   echo 'source <(kindred completion bash)' >> ~/.bashrc
  zsh    kindred completion zsh > "\${fpath[1]}/_kindred"
  fish   kindred completion fish > ~/.config/fish/completions/kindred.fish
`;

export const completion: Command = {
  summary: 'Print a completion script for bash, zsh or fish.',
  helpText: () => HELP,
  async run(argv, io) {
    const [shell = ''] = argv;
    if (!Object.hasOwn(SCRIPTS, shell))
      throw new UsageError(
        `kindred completion needs the name of a shell: ${Object.keys(SCRIPTS).join(', ')}.`,
      );
    io.out(SCRIPTS[shell as Shell](await commandWords()));
    return 0;
  },
};

/** Every command, with the flags and words that may stand after it. */
const commandWords = async (): Promise<Word[]> => {
  const words: Word[] = [];
  for (const [name, { summary, load }] of Object.entries(OWN_COMMANDS))
    words.push({ name, summary, after: await wordsOfOwn(name, load) });
  for (const operation of Object.values(operations)) {
    const name = kebab(operation.name);
    if (!Object.hasOwn(OWN_COMMANDS, name))
      words.push({ name, summary: operation.summary, after: flagsOf(operation) });
  }
  return words;
};

const wordsOfOwn = async (name: string, load: () => Promise<Command>): Promise<Word[]> => {
  if (Object.hasOwn(ALIASES, name)) {
    const verbs = Object.entries(ALIASES[name as keyof typeof ALIASES].verbs);
    const actions = verbs.map(([, { action }]) => operations[action]!);
    const flags = new Map(actions.flatMap(flagsOf).map((word) => [word.name, word]));
    const named = verbs.map(([verb], i) => ({ name: verb, summary: actions[i]!.summary }));
    return [...(verbs.length > 1 ? named : []), ...flags.values()];
  }
  if (name === 'completion')
    return Object.keys(SCRIPTS).map((shell) => ({ name: shell, summary: '' }));
  // The help of the other commands names their flags, each at the start of a line.
  const named = helpOf(name, await load(), WIDE).matchAll(/^ +--([a-z-]+)(?: [A-Z]+)? +(.*)/gm);
  return [...named].map(([, flag = '', summary = '']) => ({ name: `--${flag}`, summary }));
};

const flagsOf = (operation: OperationData): Word[] => [
  ...operation.input.map((field) => ({
    name: `--${kebab(field.name)}`,
    summary: field.withoutEffect ?? field.description ?? '',
    ...valuesOf(field),
  })),
  ...Object.entries(commonFlagsOf(operation)).map(([flag, { help, value }]) => ({
    name: `--${flag}`,
    summary: help,
    ...(flag === 'output' && { values: FORMATS }),
    ...(value !== undefined && flag !== 'output' && { values: [] }),
  })),
];

/** Values that can be offered; an empty list: a value that cannot. */
const valuesOf = (field: FieldData): { values?: readonly string[] } => {
  if (field.type === 'boolean') return {};
  const values = (field.type === 'list' ? field.items?.enum : field.enum) ?? [];
  return { values: values.filter((value) => /^[\w.-]+$/.test(value)) };
};
