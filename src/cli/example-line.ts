import type { OperationData } from '../client/operation-data.ts';
import { kebab } from './flag-names.ts';

/** The documented example of an operation as a command line. */
export const exampleLine = ({ name: operationName, example, input }: OperationData): string => {
  const flags: string[] = [];
  const structs = new Map<string, string[]>();
  for (const [path, value] of Object.entries(example)) {
    const [head = '', ...rest] = path.split('.');
    const field = input.find(({ name }) => name === head);
    const flag = `--${kebab(head)}`;
    const member = rest.at(-1);
    if (field?.type === 'boolean') flags.push(value === 'true' ? flag : `--no-${kebab(head)}`);
    else if (member === undefined || /^\d+$/.test(member)) flags.push(valueText(flag, value));
    else {
      const group = path.slice(0, -member.length);
      const members = structs.get(group) ?? [];
      if (members.length === 0) flags.push(`${flag} ${group}`);
      structs.set(group, [...members, `${member}=${value}`]);
    }
  }
  const parts = flags.map((flag) => {
    const [name = '', group = ''] = flag.split(' ');
    const members = structs.get(group);
    return members === undefined ? flag : `${name} ${quote(members.join(','))}`;
  });
  return ['kindred', kebab(operationName), ...parts].join(' ');
};

/** A value that looks like a flag belongs to its own. */
const valueText = (flag: string, value: string): string =>
  value.startsWith('-') ? quote(`${flag}=${value}`) : `${flag} ${quote(value)}`;

const quote = (text: string): string =>
  /^[\w.,:=/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
