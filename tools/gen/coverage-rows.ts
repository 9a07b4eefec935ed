// One operation of the vendor's beside ours, row by row: every parameter and field of the official SDK's
// models, every row of the vendor's error list. What is missing is a row like any other; nothing here may
// hide one.
import type { OperationData } from '../../src/client/operation-data.ts';
import { asNode, isRefused, type SchemaNode } from '../../src/lib/schema.ts';
import type { Operation } from '../../src/operation.ts';
import { code } from './markdown.ts';
import { flatFields, typeName, wirePath, type OurField } from './our-fields.ts';
import type { VendorField, VendorOperation } from './vendor-models.ts';

export const MARKS = {
  served: 'served',
  withoutEffect: 'accepted without effect',
  refused: 'refused',
  notServed: '**not served**',
  otherType: '**other type**',
  ours: 'ours alone',
  answered: 'answered',
  impossible: 'cannot occur',
} as const;

export interface Row {
  mark: (typeof MARKS)[keyof typeof MARKS];
  /** As it stands on the wire: `Tag.N.Key`. */
  name: string;
  note: string;
}

export interface Rows {
  parameters: Row[];
  fields: Row[];
  errors: Row[];
}

export const rowsOf = (
  vendor: VendorOperation,
  operation: Operation,
  data: OperationData,
  vendorErrors: readonly string[],
): Rows => ({
  parameters: compare(vendor.request, flatFields(data.input), (_theirs, own) =>
    parameterMark(operation, own),
  ),
  fields: compare(vendor.response, flatFields([REQUEST_ID, ...data.output]), fieldMark),
  errors: errorRows(operation, vendorErrors),
});

/** Of an operation that is not served. */
export const nothingOf = (
  vendor: VendorOperation | undefined,
  vendorErrors: readonly string[],
): Rows => {
  const row = (name: string): Row => ({ mark: MARKS.notServed, name, note: '' });
  return {
    parameters: (vendor?.request ?? []).map(({ path }) => row(wirePath(path))),
    fields: (vendor?.response ?? []).map(({ path }) => row(wirePath(path))),
    errors: vendorErrors.map(row),
  };
};

const REQUEST_ID = { name: 'RequestId', type: 'string', required: true } as const;

/** Members of structs are matched in any case, as the decoder matches them. */
const keyOf = (path: string): string => {
  const [head = '', ...rest] = path.split('.');
  return [head, ...rest.map((part) => part.toLowerCase())].join('.');
};

type Judge = (theirs: VendorField, own: OurField) => Omit<Row, 'name'>;

const compare = (
  theirs: readonly VendorField[],
  ours: readonly OurField[],
  judge: Judge,
): Row[] => {
  const known = new Map<string, OurField>();
  for (const entry of ours) {
    const cut = entry.path.lastIndexOf('.') + 1;
    for (const alias of entry.field.aliases ?? [])
      known.set(keyOf(entry.path.slice(0, cut) + alias), entry);
    known.set(keyOf(entry.path), entry);
  }
  const wanted = new Set(theirs.map(({ path }) => keyOf(path)));
  const rows = theirs.map((field): Row => {
    const name = wirePath(field.path);
    const outer = outerOf(field.path).map((path) => known.get(keyOf(path)));
    const decided = outer.find((entry) => entry !== undefined && isDecidedAsWhole(entry));
    const inner = known.get(keyOf(field.path));
    // A parameter goes the way of what it is in; a field of an answer stands for itself.
    const own = judge === fieldMark ? inner : (decided ?? inner);
    if (own !== undefined) return { name, ...judge(field, own) };
    return { mark: MARKS.notServed, name, note: '' };
  });
  const extra = ours.filter(({ path }) => !wanted.has(keyOf(path)));
  return [
    ...rows,
    ...extra.map(({ path, field }): Row => {
      return { mark: MARKS.ours, name: wirePath(path), note: field.description ?? '' };
    }),
  ];
};

/** `A.B[].C` → `A.B`, `A`. */
const outerOf = (path: string): string[] => {
  const cut = path.lastIndexOf('.');
  if (cut < 0) return [];
  const outer = path.slice(0, cut).replace(/\[\]$/, '');
  return [outer, ...outerOf(outer)];
};

/** What is refused, or without effect, is so with all that is inside. */
const isDecidedAsWhole = ({ field }: OurField): boolean =>
  field.withoutEffect !== undefined || isRefused(field);

const parameterMark = (operation: Operation, { path, field }: OurField): Omit<Row, 'name'> => {
  if (field.withoutEffect !== undefined)
    return { mark: MARKS.withoutEffect, note: field.withoutEffect };
  if (!isRefused(field)) return { mark: MARKS.served, note: '' };
  const { description = '' } = field;
  const node = nodeAt(asNode(operation.input), path);
  const error = node?.maxItems === 0 ? node.tooMany : node?.invalid;
  const names = Object.keys(operation.errors).some((name) => description.includes(code(name)));
  const note = names || error === undefined ? description : `${description} ${code(error)}`;
  return { mark: MARKS.refused, note };
};

/** The schema below `A[].B`. */
const nodeAt = (node: SchemaNode, path: string): SchemaNode | undefined =>
  path
    .replaceAll('[]', '.[]')
    .split('.')
    .reduce<SchemaNode | undefined>(
      (outer, name) => (name === '[]' ? outer?.items : outer?.properties?.[name]),
      node,
    );

/** Clients read an answer into models: a number that comes as a text is as good as missing. */
const fieldMark: Judge = ({ type }, { field }) => {
  const own = typeName(field).replace('integer', 'number');
  return type === own || /\b(any|map)$/.test(type)
    ? { mark: MARKS.served, note: '' }
    : { mark: MARKS.otherType, note: `There: ${type}. Here: ${own}.` };
};

const errorRows = (operation: Operation, vendorErrors: readonly string[]): Row[] => {
  const declared = new Set(
    Object.entries(operation.errors as Record<string, number>).map(
      ([name, status]) => `${status} ${name}`,
    ),
  );
  const impossible = operation.cannotOccur as Record<string, string>;
  return vendorErrors.map((name): Row => {
    if (declared.has(name)) return { mark: MARKS.answered, name, note: '' };
    const why = impossible[name];
    return why === undefined
      ? { mark: MARKS.notServed, name, note: '' }
      : { mark: MARKS.impossible, name, note: why };
  });
};
