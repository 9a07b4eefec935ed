// Short names for what an operator does often: `kindred keys disable ID` is `kindred update-access-key
// --user-access-key-id ID --status Inactive`. Only words are exchanged: the command of the operation
// does the work, so that every flag and every rule is its own.
import { operations } from '../client/data.ts';
import type { Command } from './command.ts';
import { kebab } from './flag-names.ts';
import { definitions } from './layout.ts';
import { operationCommand, type OperationCommandOptions } from './operation-command.ts';
import { EXIT_CODES, operationHelp } from './operation-help.ts';
import { suggestion } from '../lib/nearest.ts';
import { UsageError } from './usage-error.ts';

interface Verb extends OperationCommandOptions {
  action: string;
  /** What stands for the one word after the verb; it goes to the first required parameter. */
  word?: string;
  /** Words that are always added. */
  fixed?: readonly string[];
}

interface Alias {
  summary: string;
  /** The first verb is meant when none is given. */
  verbs: Readonly<Record<string, Verb>>;
}

export const ALIASES = {
  accounts: {
    summary: 'List the accounts, or make one.',
    verbs: {
      list: { action: 'DescribeAccounts' },
      create: { action: 'CreateAccount', word: 'NAME' },
    },
  },
  keys: {
    summary: 'List, make, switch and delete AccessKeys.',
    verbs: {
      list: { action: 'DescribeAccessKeys' },
      create: { action: 'CreateAccessKey' },
      disable: { action: 'UpdateAccessKey', word: 'ID', fixed: ['--status', 'Inactive'] },
      enable: { action: 'UpdateAccessKey', word: 'ID', fixed: ['--status', 'Active'] },
      delete: { action: 'DeleteAccessKey', word: 'ID' },
    },
  },
  families: {
    summary: 'List the image families of a region and what each names now.',
    verbs: { list: { action: 'DescribeImageFamilies' } },
  },
  fsck: {
    summary: 'Recount everything and list what does not fit; exit code 1 if anything.',
    verbs: {
      check: { action: 'Fsck', exitCode: ({ DifferenceCount }) => (DifferenceCount === 0 ? 0 : 1) },
    },
  },
} as const satisfies Record<string, Alias>;

export const aliasCommand = (name: keyof typeof ALIASES): Command => {
  const { summary, verbs }: Alias = ALIASES[name];
  const [usual = ''] = Object.keys(verbs);
  const hasOneVerb = Object.keys(verbs).length === 1;
  return {
    summary,
    helpText(columns, [first = '']) {
      const verb = Object.hasOwn(verbs, first) ? verbs[first] : undefined;
      return verb === undefined
        ? helpText(name, ALIASES[name], columns)
        : operationHelp(operations[verb.action]!, columns);
    },
    async run(argv, io) {
      const [first = ''] = argv;
      const isNamed = Object.hasOwn(verbs, first);
      if (!isNamed && first !== '' && !first.startsWith('-'))
        throw new UsageError(
          `kindred ${name} has no ${first}.${suggestion(first, Object.keys(verbs)) || ` See kindred ${name} --help.`}`,
        );
      const verb = verbs[isNamed ? first : usual]!;
      const operation = operations[verb.action]!;
      const rest = isNamed ? argv.slice(1) : argv;
      const called = hasOneVerb ? name : `${name} ${isNamed ? first : usual}`;
      return operationCommand(operation, verb).run(expand(verb, rest, called), io);
    },
  };
};

/** The word after the verb becomes the flag of the first required parameter. */
const expand = (verb: Verb, argv: readonly string[], called: string): string[] => {
  const fixed = verb.fixed ?? [];
  if (verb.word === undefined) return [...argv, ...fixed];
  const [word, ...rest] = argv;
  if (word === undefined || word.startsWith('-'))
    throw new UsageError(`kindred ${called} needs ${verb.word}: kindred ${called} ${verb.word}.`);
  const field = operations[verb.action]!.input.find(({ required }) => required)!;
  return [`--${kebab(field.name)}`, word, ...rest, ...fixed];
};

const helpText = (name: string, { summary, verbs }: Alias, columns: number): string => {
  const hasOneVerb = Object.keys(verbs).length === 1;
  const rows = Object.entries(verbs).map(([verb, { action, word, fixed }]) => {
    const same = [kebab(action), ...(fixed ?? [])].join(' ');
    const usage = [
      '  kindred',
      name,
      ...(hasOneVerb ? [] : [verb]),
      ...(word ? [word] : []),
      '[flags]',
    ];
    return [
      usage.join(' '),
      `${operations[action]?.summary ?? ''} The same as kindred ${same}.`,
    ] as const;
  });
  const usual = hasOneVerb
    ? `Its flags: kindred ${kebab(Object.values(verbs)[0]!.action)} --help.`
    : `Without a word after it: ${Object.keys(verbs)[0]}. Flags: kindred ${name} ${Object.keys(verbs)[0]} --help.`;
  return `kindred ${name}: ${summary}\n\n${definitions(rows, columns)}\n\n${usual}\n\n${EXIT_CODES}\n`;
};
