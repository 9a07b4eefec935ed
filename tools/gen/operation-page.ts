// The reference page of one operation. Everything on it is read from the operation's value; what the
// value does not say is not said here either.
import { exampleLine } from '../../src/cli/example-line.ts';
import type { FieldData, OperationData } from '../../src/client/operation-data.ts';
import { catalogue, type ErrorCode } from '../../src/errors.ts';
import type { Asked } from '../../src/domain/policy/thing.ts';
import { REGIONLESS, type Operation } from '../../src/operation.ts';
import { code, fence, page, section, table } from './markdown.ts';
import { flatFields, typeName, wirePath, type OurField } from './our-fields.ts';

export const operationPage = (operation: Operation, data: OperationData): string => {
  const { docs, example } = operation;
  const fields = flatFields(data.input);
  const effective = fields.filter(({ field }) => field.withoutEffect === undefined);
  const idle = fields.filter(({ field }) => field.withoutEffect !== undefined);
  return page(
    data.name,
    [
      `${docs.summary}\n\n`,
      docs.notes === undefined ? '' : `${docs.notes}\n\n`,
      identity(operation),
      section('## Parameters', parameters(effective) || 'None.'),
      section(
        '### Accepted without effect',
        table(
          ['Name', 'Type', 'Why it has none'],
          idle.map(({ path, field }) => [
            code(wirePath(path)),
            typeName(field),
            field.withoutEffect!,
          ]),
        ),
      ),
      section('## Answer', answer(data.output)),
      section('## Errors', errors(operation)),
      section("### Of the vendor's list, cannot occur here", cannotOccur(operation)),
      '## Example\n\n',
      fence('sh', exampleLine(data)),
      'Request, beside the parameters that every signed call has:\n\n',
      fence('json', json({ Action: data.action, Version: data.version, ...example.request })),
      'Answer:\n\n',
      fence('json', json({ RequestId: REQUEST_ID, ...(example.response as object) })),
    ].join(''),
  );
};

const REQUEST_ID = '6C2C7F9A-3C1E-4B52-9E0B-5E6D1B0A4C11';

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const KINDS = {
  read: 'reads',
  write: 'writes',
  task: 'writes, and work goes on after the answer',
} as const;

const identity = ({ product, version, kind, access, dryRun, idempotency }: Operation): string => {
  const resource = resourceOf(access);
  return table(
    ['', ''],
    [
      ['Product', `${code(product)}, version ${code(version)}`],
      ['Kind', KINDS[kind as keyof typeof KINDS]],
      ['RAM action', code(access.action)],
      ['Resource', code(resource)],
      ['Open to', openTo(access)],
      ...(REGIONLESS.has(product)
        ? [
            [
              code('RegionId'),
              'taken from clients that send it to every product; means nothing here',
            ],
          ]
        : []),
      ...(dryRun ? [['DryRun', 'checks everything and changes nothing']] : []),
      ...(idempotency
        ? [
            [
              'ClientToken',
              `safe to repeat for 24 hours; ${code(idempotency.mismatch)} with other parameters`,
            ],
          ]
        : []),
    ],
  );
};

/** Who may call it at all, before policies are asked. */
export const openTo = ({ operatorOnly, rootOnly, everybody }: Operation['access']): string => {
  if (everybody) return 'everybody, without a policy';
  const keys = rootOnly ? 'root keys' : 'keys';
  if (operatorOnly) return `${keys} of the operator's account`;
  return rootOnly ? 'every root key' : 'every key';
};

/** The tails of the resources with `<Name>` for what a parameter fills in. */
export const resourceOf = (access: Operation['access']): string => {
  const placeholders = new Proxy({}, { get: (_, name) => `<${String(name)}>` });
  try {
    const asked = [access.resource(placeholders)].flat();
    return asked
      .map((thing: Asked) => (typeof thing === 'string' ? thing : thing.resource))
      .join(', ');
  } catch {
    return 'depends on the parameters';
  }
};

const parameters = (fields: readonly OurField[]): string =>
  table(
    ['Name', 'Type', 'Required', 'Description'],
    fields.map(({ path, field }) => [
      code(wirePath(path)),
      typeName(field),
      field.required ? 'yes' : 'no',
      describe(field),
    ]),
  );

const describe = (field: OurField['field']): string => {
  const values = field.enum ?? (field.type === 'list' ? field.items?.enum : undefined);
  return [
    field.description,
    values && `One of ${values.map(code).join(', ')}.`,
    field.default !== undefined && `Default ${code(String(field.default))}.`,
    field.aliases && `Also as ${field.aliases.map(code).join(', ')}.`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' ');
};

const answer = (output: readonly FieldData[]): string =>
  table(
    ['Field', 'Type', 'Always there', 'Description'],
    [
      [code('RequestId'), 'string', 'yes', "Names the call in the server's log."],
      ...flatFields(output).map(({ path, field }) => [
        code(path),
        typeName(field),
        field.required || path.endsWith('[]') ? 'yes' : 'no',
        describe(field),
      ]),
    ],
  );

const errors = ({ errors: declared }: Operation): string => {
  const rows = Object.entries(declared as Record<ErrorCode, number>)
    .toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .map(([name, status]) => [
      String(status),
      code(name),
      catalogue[name as ErrorCode][1].replace('{P}', '*parameter*'),
    ]);
  return `${table(['Status', 'Code', 'Message'], rows)}The gateway's errors (signature, key, clock, unknown action) stand on [the page of all errors](../errors.md).\n`;
};

const cannotOccur = ({ cannotOccur: rows }: Operation): string =>
  table(
    ['Status', 'Code', 'Why'],
    Object.entries(rows as Record<string, string>)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([row, why]) => {
        const [status = '', name = ''] = row.split(' ');
        return [status, code(name), why];
      }),
  );
