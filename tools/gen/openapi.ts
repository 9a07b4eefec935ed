// OpenAPI 3.1 of every operation. RPC has one path, so that operations are told apart by `/#Name`;
// lists and structs travel as `Tag.1.Key=…`, which OpenAPI has no style for: `x-kindred-style: rpc`.
import type { FieldData, OperationData, ShapeData } from '../../src/client/operation-data.ts';
import type { Operation } from '../../src/operation.ts';

export const openapiSource = (
  version: string,
  operations: readonly Operation[],
  data: readonly OperationData[],
): string => {
  const paths = Object.fromEntries(
    operations.map((operation, i) => [`/#${data[i]!.name}`, pathOf(operation, data[i]!)]),
  );
  return `${JSON.stringify(
    {
      openapi: '3.1.0',
      info: {
        title: 'Kindred',
        version,
        description:
          'A self-hosted image service that speaks the Alibaba Cloud ECS RPC API. Every operation is a GET or POST of `/` with an Action; the fragment in a path only tells them apart.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: 'http://127.0.0.1:5260' }],
      security: [{ signatureV1: [] }],
      paths,
      components: { securitySchemes: { signatureV1 }, schemas: { Error: errorSchema } },
    },
    null,
    1,
  )}\n`;
};

const signatureV1 = {
  type: 'apiKey',
  in: 'query',
  name: 'Signature',
  description:
    'RPC signature: AccessKeyId, SignatureMethod (HMAC-SHA1 or HMAC-SHA256), SignatureVersion 1.0, SignatureNonce and Timestamp stand beside it. ACS3-HMAC-SHA256 in the Authorization header works too.',
};

const errorSchema = {
  type: 'object',
  required: ['RequestId', 'HostId', 'Code', 'Message'],
  properties: Object.fromEntries(
    ['RequestId', 'HostId', 'Code', 'Message', 'Recommend'].map((name) => [
      name,
      { type: 'string' },
    ]),
  ),
};

const pathOf = (operation: Operation, data: OperationData): object => ({
  post: {
    operationId: data.name,
    tags: [data.product],
    summary: data.summary,
    ...(data.notes !== undefined && { description: data.notes }),
    parameters: [
      fixed('Action', data.action),
      fixed('Version', data.version),
      { name: 'Format', in: 'query', schema: { type: 'string', enum: ['JSON', 'XML'] } },
      ...data.input.map(parameterOf),
    ],
    responses: {
      200: {
        description: 'Done.',
        content: {
          'application/json': {
            schema: structSchema([
              { name: 'RequestId', type: 'string', required: true },
              ...data.output,
            ]),
            example: {
              RequestId: '6C2C7F9A-3C1E-4B52-9E0B-5E6D1B0A4C11',
              ...operation.example.response,
            },
          },
        },
      },
      ...errorResponses(operation),
    },
    'x-kindred-access': {
      action: operation.access.action,
      operatorOnly: operation.access.operatorOnly ?? false,
    },
  },
});

const fixed = (name: string, value: string): object => ({
  name,
  in: 'query',
  required: true,
  schema: { type: 'string', const: value },
});

const parameterOf = (field: FieldData): object => ({
  name: field.name,
  in: 'query',
  ...(field.required && { required: true }),
  ...describe(field),
  ...((field.type === 'list' || field.type === 'struct') && { 'x-kindred-style': 'rpc' }),
  schema: schemaOf(field, false),
});

const describe = ({ description, withoutEffect }: ShapeData): object =>
  withoutEffect !== undefined
    ? { description: `Accepted without effect: ${withoutEffect}` }
    : description === undefined
      ? {}
      : { description };

const JSON_TYPES = {
  list: 'array',
  struct: 'object',
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
} as const;

const schemaOf = (shape: ShapeData, isDescribed = true): object => {
  const notes = isDescribed ? describe(shape) : {};
  if (shape.type === 'struct') return { ...structSchema(shape.fields ?? []), ...notes };
  return {
    type: JSON_TYPES[shape.type],
    ...notes,
    ...(shape.enum && { enum: shape.enum }),
    ...(shape.default !== undefined && { default: shape.default }),
    ...(shape.maxItems !== undefined && { maxItems: shape.maxItems }),
    ...(shape.items && { items: schemaOf(shape.items) }),
  };
};

const structSchema = (fields: readonly FieldData[]): object => ({
  type: 'object',
  ...(fields.some(({ required }) => required) && {
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  }),
  properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
});

const errorResponses = ({ errors }: Operation): object => {
  const codes = new Map<number, string[]>();
  for (const [name, status] of Object.entries(errors as Record<string, number>))
    codes.set(status, [...(codes.get(status) ?? []), name]);
  return Object.fromEntries(
    [...codes].map(([status, names]) => [
      status,
      {
        description: names.toSorted().join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  );
};
