// The table of what of the vendor's API is served: every parameter and field of the official SDK's
// models, every row of the vendor's error lists, every operation around images. What is missing is a
// row like any other and is counted at the top; nothing here may hide one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationData } from '../../src/client/operation-data.ts';
import type { Operation } from '../../src/operation.ts';
import { code, page, section, table } from './markdown.ts';
import { flatFields, wirePath, type OurField } from './our-fields.ts';
import { sdkVersion, vendorOperation, type VendorField } from './vendor-models.ts';

interface Coverage {
  action: string;
  gaps: { parameters: string[]; fields: string[]; errors: string[] };
  totals: { parameters: number; fields: number; errors: number };
  text: string;
}

type Row = [mark: string, name: string, note: string];

const GAP = '**missing**';

export const coveragePage = (
  root: string,
  operations: readonly Operation[],
  data: readonly OperationData[],
  vendorActions: readonly string[],
): string => {
  const vendorErrors = JSON.parse(
    readFileSync(join(root, 'test/data/vendor-errors.json'), 'utf8'),
  ) as Record<string, string[]>;
  const served = operations
    .map((operation, i) => coverageOf(operation, data[i]!, vendorErrors[operation.action] ?? []))
    .filter((coverage) => coverage !== undefined);
  const names = new Set(
    operations.filter(({ product }) => product === 'ecs').map(({ action }) => action),
  );
  const absent = vendorActions.filter(
    (action) => !names.has(action) && (/Image/.test(action) || Object.hasOwn(vendorErrors, action)),
  );
  return page(
    "Coverage of the vendor's API",
    `Measured against the models of \`@alicloud/ecs20140526\` ${sdkVersion} and the error lists of the vendor's reference. A parameter marked ${GAP} is not known here: it is counted in the metrics and has no effect. A field marked ${GAP} is not in our answers.\n\n${summary(served)}${section(
      '## Operations around images that are not served yet',
      absent.length === 0
        ? 'None.'
        : `Calling one answers \`InvalidAction.NotSupported\`.\n\n${absent.map((action) => `- ${action}\n`).join('')}`,
    )}${served.map(({ text }) => text).join('')}`,
  );
};

const summary = (served: readonly Coverage[]): string =>
  table(
    ['Operation', 'Parameters', 'Fields', 'Errors', 'Missing'],
    served.map(({ action, gaps, totals }) => {
      const share = (kind: keyof Coverage['gaps']): string =>
        `${totals[kind] - gaps[kind].length}/${totals[kind]}`;
      const all = [...gaps.parameters, ...gaps.fields, ...gaps.errors];
      // What is inside of something missing is missing with it; its own rows stand further down.
      const missing = all.filter((name) => !all.some((outer) => name.startsWith(`${outer}.`)));
      return [
        `[${action}](#${action.toLowerCase()})`,
        share('parameters'),
        share('fields'),
        share('errors'),
        missing.map(code).join(', ') || 'nothing',
      ];
    }),
  );

const coverageOf = (
  operation: Operation,
  data: OperationData,
  vendorErrors: readonly string[],
): Coverage | undefined => {
  const vendor = operation.product === 'ecs' ? vendorOperation(operation.action) : undefined;
  if (vendor === undefined) return undefined;
  const parameters = compare(vendor.request, flatFields(data.input), parameterMark, wirePath);
  const fields = compare(vendor.response, flatFields([REQUEST_ID, ...data.output]), fieldMark);
  const errors = errorRows(operation, vendorErrors);
  const { action } = operation;
  const missing = (rows: readonly Row[]): string[] =>
    rows.filter(([mark]) => mark === GAP).map(([, name]) => name);
  const theirs = (rows: readonly Row[]): number => rows.filter(([mark]) => mark !== OURS).length;
  const block = (head: string, rows: readonly Row[]): string =>
    section(
      `### ${head}`,
      table(
        ['', 'Name', 'Note'],
        rows.map(([mark, name, note]) => [mark, code(name), note]),
      ),
    );
  return {
    action,
    gaps: { parameters: missing(parameters), fields: missing(fields), errors: missing(errors) },
    totals: {
      parameters: theirs(parameters),
      fields: theirs(fields),
      errors: errors.length,
    },
    text: `## ${action}\n\n[Reference](operations/${action}.md)\n\n${block('Parameters', parameters)}${block('Answer', fields)}${block('Errors', errors)}`,
  };
};

const REQUEST_ID = { name: 'RequestId', type: 'string', required: true } as const;
const OURS = 'ours alone';

/** Members of structs are matched in any case, as the decoder matches them. */
const keyOf = (path: string): string => {
  const [head = '', ...rest] = path.split('.');
  return [head, ...rest.map((part) => part.toLowerCase())].join('.');
};

const compare = (
  theirs: readonly VendorField[],
  ours: readonly OurField[],
  mark: (field: OurField['field']) => [string, string],
  show: (path: string) => string = (path) => path,
): Row[] => {
  const known = new Map<string, OurField>();
  for (const entry of ours) {
    const cut = entry.path.lastIndexOf('.') + 1;
    for (const alias of entry.field.aliases ?? [])
      known.set(keyOf(entry.path.slice(0, cut) + alias), entry);
    known.set(keyOf(entry.path), entry);
  }
  const wanted = new Set(theirs.map(({ path }) => keyOf(path)));
  const rows = theirs.map(({ path }): Row => {
    const own = known.get(keyOf(path));
    if (own === undefined) return [GAP, show(path), ''];
    const [text, note] = mark(own.field);
    return [text, show(path), note];
  });
  const extra = ours.filter(({ path }) => !wanted.has(keyOf(path)));
  return [
    ...rows,
    ...extra.map(({ path, field }): Row => [OURS, show(path), field.description ?? '']),
  ];
};

const parameterMark = (field: OurField['field']): [string, string] => {
  if (field.withoutEffect !== undefined) return ['accepted without effect', field.withoutEffect];
  const { description = '' } = field;
  return /\brefused\b/i.test(description) ? ['refused', description] : ['served', ''];
};

const fieldMark = (): [string, string] => ['served', ''];

const errorRows = (operation: Operation, vendorErrors: readonly string[]): Row[] => {
  const declared = new Set(
    Object.entries(operation.errors as Record<string, number>).map(
      ([name, status]) => `${status} ${name}`,
    ),
  );
  const impossible = operation.cannotOccur as Record<string, string>;
  return vendorErrors.map((row): Row => {
    if (declared.has(row)) return ['answered', row, ''];
    const why = impossible[row];
    return why === undefined ? [GAP, row, ''] : ['cannot occur', row, why];
  });
};
