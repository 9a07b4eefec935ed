// The pages of the reference that go over all operations: the index, the catalogue of errors, the
// matrix of access.
import type { OperationData } from '../../src/client/operation-data.ts';
import { catalogue, type ErrorCode } from '../../src/errors.ts';
import type { Operation } from '../../src/operation.ts';
import { kebab } from '../../src/cli/flag-names.ts';
import { code, page, section, table } from './markdown.ts';
import { openTo, resourceOf } from './operation-page.ts';

const PRODUCTS: Readonly<Record<string, string>> = {
  ecs: 'ECS: as the vendor has them',
  sts: 'STS: as the vendor has them',
  vpc: 'VPC: as the vendor has them',
  location: 'Location: as the vendor has them',
  ram: 'RAM: as the vendor has them',
  resourcemanager: 'ResourceManager: as the vendor has them',
  kindred: "Kindred: what goes beyond the vendor's API",
};

const link = (name: string): string => `[${name}](operations/${name}.md)`;

export const indexPage = (operations: readonly OperationData[]): string => {
  const products = [...new Set(operations.map(({ product }) => product))];
  const parts = products.map((product) => {
    const own = operations.filter((operation) => operation.product === product);
    return section(
      `## ${PRODUCTS[product] ?? product} (version ${own[0]!.version})`,
      table(
        ['Operation', 'Command', 'What it does'],
        own.map(({ name, summary }) => [link(name), code(`kindred ${kebab(name)}`), summary]),
      ),
    );
  });
  return page(
    'Operations',
    `${operations.length} operations. Beside them: [errors](errors.md), [access](access.md), [coverage of the vendor's API](coverage.md), [OpenAPI](openapi.json).\n\n${parts.join('')}`,
  );
};

export const errorsPage = (
  operations: readonly Operation[],
  data: readonly OperationData[],
): string => {
  const raised = new Map<string, Map<number, string[]>>();
  for (const [i, { errors }] of operations.entries())
    for (const [name, status] of Object.entries(errors as Record<string, number>)) {
      const statuses = raised.get(name) ?? new Map<number, string[]>();
      raised.set(name, statuses.set(status, [...(statuses.get(status) ?? []), data[i]!.name]));
    }
  const all = Object.entries(catalogue) as [ErrorCode, readonly [number, string]][];
  const gateway = all.filter(([name]) => !raised.has(name));
  const own = all.filter(([name]) => raised.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const message = (text: string): string => text.replace('{P}', '*parameter*');
  const body = [
    'An error is answered with its HTTP status and `{"RequestId", "HostId", "Code", "Message", "Recommend"}`, in XML when XML was asked for. One code can have another status in another operation, as in the vendor\'s tables.\n\n',
    section(
      '## Before any operation',
      table(
        ['Status', 'Code', 'Message'],
        gateway.map(([name, [status, text]]) => [String(status), code(name), message(text)]),
      ),
    ),
    section(
      '## Of operations',
      table(
        ['Code', 'Message', 'Raised by'],
        own.map(([name, [, text]]) => [code(name), message(text), raisers(raised.get(name)!)]),
      ),
    ),
  ];
  return page('Errors', body.join(''));
};

const raisers = (statuses: ReadonlyMap<number, readonly string[]>): string =>
  [...statuses]
    .toSorted(([a], [b]) => a - b)
    .map(([status, names]) => `${status}: ${names.map(link).join(', ')}`)
    .join('; ');

export const accessPage = (
  operations: readonly Operation[],
  data: readonly OperationData[],
): string =>
  page(
    'Access',
    `Who may call what. A root key of an account may call every operation on what the account owns. Users and roles may what their policies allow: a policy must allow the RAM action on every resource that the call names (\`acs:<product>:<region>:<account>:\` stands before it; images and families are \`acs:ecs:…\` for every product). See [who may do what](../guide/access.md).\n\n${table(
      ['Operation', 'Kind', 'RAM action', 'Resource', 'Open to'],
      operations.map(({ kind, access }, i) => [
        link(data[i]!.name),
        kind,
        code(access.action),
        code(resourceOf(access)),
        openTo(access),
      ]),
    )}`,
  );
