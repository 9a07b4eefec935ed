import { operations } from '../client/data.ts';
import { helpOf, type Command } from './command.ts';
import { findCommand, OWN_COMMANDS } from './commands.ts';
import { kebab } from './flag-names.ts';
import { definitions } from './layout.ts';
import { EXIT_CODES } from './operation-help.ts';

const PRODUCTS: Readonly<Record<string, string>> = {
  ecs: 'Operations of ECS, as in the cloud',
  sts: 'Operations of STS, as in the cloud',
  vpc: 'Operations of VPC, as in the cloud',
  location: 'Operations of Location, as in the cloud',
  ram: 'Operations of RAM, as in the cloud',
  resourcemanager: 'Operations of ResourceManager, as in the cloud',
  kindred: 'Operations of Kindred itself',
};

export const overview: Command = {
  summary: 'List the commands, or explain one.',
  helpText: (columns) => overviewText(columns),
  async run([topic, ...argv], io) {
    io.out(
      topic === undefined
        ? overviewText(io.columns)
        : helpOf(topic, await findCommand(topic), io.columns, argv),
    );
    return 0;
  },
};

/** Every command with one line, in groups. */
export const overviewText = (columns: number): string => {
  const groups = new Map<string, [string, string][]>();
  const add = (group: string, name: string, summary: string): void => {
    groups.set(group, [...(groups.get(group) ?? []), [`  ${name}`, summary]]);
  };
  for (const [name, { group, summary }] of Object.entries(OWN_COMMANDS)) add(group, name, summary);
  for (const { product, name: operationName, summary } of Object.values(operations)) {
    const name = kebab(operationName);
    if (!Object.hasOwn(OWN_COMMANDS, name)) add(PRODUCTS[product] ?? product, name, summary);
  }
  const parts = [...groups].map(([group, rows]) => `${group}:\n${definitions(rows, columns)}\n`);
  return `kindred <command> [flags]

${parts.join('\n')}
kindred <command> --help explains a command and its flags. ${EXIT_CODES}
`;
};
