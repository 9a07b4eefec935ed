// `kindred <operation> --help`. It teaches: what the command does, every flag, how lists and structs are
// written, an example to copy, what the exit code says.
import type { FieldData, OperationData } from '../client/operation-data.ts';
import { exampleLine } from './example-line.ts';
import { kebab } from './flag-names.ts';
import { pattern } from './flag-value.ts';
import { definitions, wrap } from './layout.ts';
import { commonFlagsOf } from './operation-flags.ts';

export const EXIT_CODES = 'Exit codes: 0 done, 2 wrong usage, 1 refused or failed.';

export const operationHelp = (operation: OperationData, columns: number): string => {
  const name = kebab(operation.name);
  const { input } = operation;
  const own = input.filter(({ withoutEffect }) => withoutEffect === undefined);
  const idle = input.filter(({ withoutEffect }) => withoutEffect !== undefined);
  const required = input
    .filter((field) => field.required)
    .map((field) => ` ${flagOf(field, true)}`);
  const common = Object.entries(commonFlagsOf(operation)).map(
    ([flag, { value, help }]) => [value ? `  --${flag} ${value}` : `  --${flag}`, help] as const,
  );
  const parts = [
    [`kindred ${name}: ${plain(operation.summary)}`],
    [`Usage: kindred ${name}${required.join('')} [flags]`],
    operation.notes === undefined ? [] : wrap(plain(operation.notes), columns),
    operation.operatorOnly ? ["Only keys of the operator's account may call it."] : [],
    block('Parameters (* required):', own.map(row), columns),
    own.some(({ type }) => type === 'struct' || type === 'list') ? [HOW] : [],
    block(
      'Accepted without effect:',
      idle.map((field) => [`  ${flagOf(field)}`, plain(field.withoutEffect!)] as const),
      columns,
    ),
    block('Flags of every operation:', common, columns),
    operation.kind === 'read' ? [] : dryRunNote(input),
    ['Example:', `  ${exampleLine(operation)}`],
    [EXIT_CODES],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const HOW = `A list is its flag repeated: --tag Key=env,Value=prod --tag Key=tier,Value=web. In a struct a comma
separates where a name and = follow; JSON works too: --tag '{"Key":"env","Value":"a,b=c"}'.`;

const dryRunNote = (input: readonly FieldData[]): string[] =>
  input.some(({ name }) => name === 'DryRun')
    ? ['With --dry-run the exit code is 0 when the call would be done.']
    : [];

const block = (
  head: string,
  rows: readonly (readonly [string, string])[],
  columns: number,
): string[] => (rows.length === 0 ? [] : [head, definitions(rows, columns)]);

const row = (field: FieldData): readonly [string, string] => {
  const shape = field.type === 'list' ? field.items! : field;
  const text = [
    field.description && plain(field.description),
    field.type === 'list' && 'May be given several times.',
    shape.enum && `One of ${shape.enum.join(', ')}.`,
    field.default !== undefined && `Default ${String(field.default)}.`,
    field.name === 'RegionId' &&
      field.required &&
      'Else ALIBABA_CLOUD_REGION_ID, the region of the profile.',
    ...members(shape.fields ?? []),
  ];
  return [`${field.required ? '* ' : '  '}${flagOf(field)}`, text.filter(Boolean).join(' ')];
};

/** What stands inside a struct, one sentence a member. */
const members = (fields: readonly FieldData[]): string[] =>
  fields.map((field) => {
    const note = [
      field.description && plain(field.description),
      field.enum && `One of ${field.enum.join(', ')}.`,
    ];
    const mark = field.required ? ' (required)' : '';
    return `${field.name}${mark}: ${note.filter(Boolean).join(' ') || `a ${field.type}.`}`;
  });

/** `--page-size NUMBER`, `--tag Key=…,Value=…`, `--dry-run`; short: without optional members. */
const flagOf = (field: FieldData, isShort = false): string => {
  const flag = `--${kebab(field.name)}`;
  if (field.type === 'boolean') return `${flag}, --no-${kebab(field.name)}`;
  const shape = field.type === 'list' ? field.items! : field;
  if (shape.type === 'struct') {
    const fields = shape.fields ?? [];
    const needed = fields.filter(({ required }) => required);
    return `${flag} ${pattern(isShort && needed.length > 0 ? needed : fields)}`;
  }
  return `${flag} ${shape.type === 'integer' ? 'NUMBER' : 'TEXT'}`;
};

/** Help is read on a terminal, not in Markdown. */
const plain = (text: string): string => text.replaceAll('`', '');
