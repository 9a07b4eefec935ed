import { asNode, type SchemaNode } from '../../src/lib/schema.ts';
import type { Operation } from '../../src/operation.ts';
import type { FieldData, OperationData } from '../../src/client/operation-data.ts';

/** One operation as plain data: what a client needs, and nothing that runs. */
export const operationData = (operation: Operation, name: string): OperationData => {
  const { product, version, action, kind, docs, access, example } = operation;
  return {
    name,
    product,
    version,
    action,
    kind,
    summary: docs.summary,
    ...(docs.notes !== undefined && { notes: docs.notes }),
    ...(access.operatorOnly && { operatorOnly: true as const }),
    example: { ...example.request },
    input: fieldsOf(asNode(operation.input)),
    output: fieldsOf(asNode(operation.output)),
  };
};

const TYPES: Readonly<Record<string, FieldData['type']>> = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  array: 'list',
  object: 'struct',
};

const fieldsOf = (node: SchemaNode): FieldData[] => {
  const required = new Set(node.required);
  return Object.entries(node.properties ?? {}).map(([name, child]) => ({
    name,
    ...(required.has(name) && { required: true as const }),
    ...shapeOf(child),
  }));
};

const shapeOf = (node: SchemaNode): Omit<FieldData, 'name'> => {
  const type = TYPES[node.type ?? ''];
  if (type === undefined) throw new Error(`no field of a client has the type ${String(node.type)}`);
  return {
    type,
    ...(node.description !== undefined && { description: node.description }),
    ...(node.withoutEffect !== undefined && { withoutEffect: node.withoutEffect }),
    ...(node.enum !== undefined && { enum: [...node.enum] }),
    ...(node.default !== undefined && { default: scalar(node.default) }),
    ...(node.aliases !== undefined && { aliases: [...node.aliases] }),
    ...(node.maxItems !== undefined && { maxItems: node.maxItems }),
    ...(node.type === 'array' && { items: shapeOf(node.items ?? {}) }),
    ...(node.type === 'object' && { fields: fieldsOf(node) }),
  };
};

const scalar = (value: unknown): string | number | boolean => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new Error(`no flag can have the default ${JSON.stringify(value)}`);
};

/** The text of `src/client/data.json`: name → operation, in the order of the registry. */
export const clientDataSource = (operations: readonly OperationData[]): string =>
  `${JSON.stringify(Object.fromEntries(operations.map((data) => [data.name, data])), null, 1)}\n`;
