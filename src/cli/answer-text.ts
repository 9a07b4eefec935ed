// An answer as a person or a script reads it. `json`: as it came. `text`: one line a value, its path and
// a tab before it. `table`: the list that the answer is about, or names and values.
import type { FieldData, OperationData } from '../client/operation-data.ts';
import { valueText } from '../client/value-text.ts';
import { printable } from './layout.ts';
import { displayWidth, renderTable } from './table.ts';

export const FORMATS = ['table', 'json', 'text'] as const;
export type AnswerFormat = (typeof FORMATS)[number];

type Answer = Readonly<Record<string, unknown>>;

export const answerText = (
  operation: OperationData,
  answer: Answer,
  format: AnswerFormat,
  columns: number,
): string => {
  if (format === 'json') return `${JSON.stringify(answer, null, 2)}\n`;
  if (format === 'text')
    return leaves(answer)
      .filter(([, value]) => value !== undefined)
      .map(([path, value]) => `${path}\t${oneLine(value!)}\n`)
      .join('');
  const list = mainList(operation.output);
  return list === undefined ? pairs(answer) : listTable(answer, list, columns);
};

/** Every value below, each under its path; an empty list or struct has none. */
const leaves = (value: unknown, path = ''): [path: string, value: string | undefined][] => {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const members = Array.isArray(value)
    ? value.map((item: unknown, i) => [String(i + 1), item] as const)
    : Object.entries(value);
  if (members.length === 0) return [[path, undefined]];
  return members.flatMap(([name, member]) =>
    leaves(member, path === '' ? name : `${path}.${name}`),
  );
};

const oneLine = (text: string): string => text.replace(/[\n\t\r]/g, ' ');

interface MainList {
  path: readonly string[];
  columns: readonly FieldData[];
}

/** The first list of structs at the top or in a wrapper there: `Images.Image`. */
const mainList = (output: readonly FieldData[]): MainList | undefined => {
  for (const field of output) {
    const inner = field.type === 'struct' ? (field.fields ?? []) : [];
    for (const list of [field, ...inner])
      if (list.type === 'list' && list.items?.type === 'struct')
        return {
          path: list === field ? [field.name] : [field.name, list.name],
          columns: byImportance(list.items.fields ?? [], list.name),
        };
  }
  return undefined;
};

/** What one looks for first, after the thing's own id. */
const IMPORTANT: readonly RegExp[] = [
  /^(?!OS)\w*Name$/,
  /Key$|Value$/,
  /Family$/,
  /Status$/,
  /Progress$|Count$/,
  /^Size/,
  /^CreationTime$|Since$/,
];

/** Scalars alone, a thing's own id first: of `Image` the `ImageId`, of `ImageFamily` its own field. */
const byImportance = (fields: readonly FieldData[], listName: string): FieldData[] => {
  const ownId =
    fields.find(({ name }) => name === `${listName}Id` || name === listName) ??
    fields.find(({ name }) => name.endsWith('Id'));
  const rank = (field: FieldData): number => {
    if (field === ownId) return -1;
    const place = IMPORTANT.findIndex((pattern) => pattern.test(field.name));
    return place < 0 ? IMPORTANT.length : place;
  };
  return fields
    .filter(({ type }) => type !== 'struct' && type !== 'list')
    .toSorted((a, b) => rank(a) - rank(b));
};

const listTable = (answer: Answer, { path, columns }: MainList, width: number): string => {
  let found: unknown = answer;
  for (const name of path) found = (found as Answer | undefined)?.[name];
  const items = Array.isArray(found) ? (found as Answer[]) : [];
  const rest = footer(answer, path[0]!);
  if (items.length === 0) return `(none)\n${rest}`;
  const text = (item: Answer, { name }: FieldData): string => valueText(item[name]);
  // A column that is empty in every row says nothing.
  const filled = columns.filter((column) => items.some((item) => text(item, column) !== ''));
  const rows = items.map((item) => filled.map((column) => text(item, column)));
  const table = renderTable(
    filled.map(({ name }) => name),
    rows,
    width,
  );
  const hint =
    table.hidden.length === 0 ? '' : `(${table.hidden.length} more columns with --output json)\n`;
  return `${table.text}${rest}${hint}`;
};

/** The values that stand beside the list. */
const footer = (answer: Answer, list: string): string => {
  const beside = Object.entries(answer).filter(([name]) => name !== list && name !== 'RequestId');
  const texts = leaves(Object.fromEntries(beside))
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([path, value]) => `${path} ${printable(value!)}`);
  return texts.length === 0 ? '' : `\n${texts.join(', ')}\n`;
};

const pairs = (answer: Answer): string => {
  const rows = leaves(answer).filter(([path]) => path !== '' && path !== 'RequestId');
  if (rows.length === 0) return 'Done.\n';
  const width = Math.max(...rows.map(([path]) => displayWidth(path)));
  return rows
    .map(([path, value]) =>
      `${path.padEnd(width)}  ${value === undefined ? '(none)' : printable(value)}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
};
