// What of the vendor's API is served, as one page that says it in numbers and names every gap, and one
// page an operation with every parameter, field and error. Nothing here may hide a gap.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationData } from '../../src/client/operation-data.ts';
import type { Operation } from '../../src/operation.ts';
import { MARKS, nothingOf, rowsOf, type Row, type Rows } from './coverage-rows.ts';
import { readDrivenClients, type DrivenClients, type TerraformRun } from './driven-clients.ts';
import { code, page, section, table } from './markdown.ts';
import { sdkVersion, vendorOperation } from './vendor-models.ts';

interface Coverage {
  name: string;
  rows: Rows;
}

/** Path below `docs/reference` → its text. */
export type Pages = [path: string, text: string][];

export const coveragePages = (
  root: string,
  operations: readonly Operation[],
  data: readonly OperationData[],
  vendorActions: readonly string[],
): Pages => {
  const vendorErrors = JSON.parse(
    readFileSync(join(root, 'test/data/vendor-errors.json'), 'utf8'),
  ) as Record<string, string[]>;
  const driven = readDrivenClients(root);
  const served = operations.flatMap((operation, i): Coverage[] => {
    const { action, product } = operation;
    const vendor = product === 'ecs' ? vendorOperation(action) : undefined;
    if (vendor === undefined) return [];
    const own = data[i]!;
    return [{ name: own.name, rows: rowsOf(vendor, operation, own, vendorErrors[action] ?? []) }];
  });
  const names = new Set(served.map(({ name }) => name));
  const absent = vendorActions
    .filter((name) => /Image/.test(name) || Object.hasOwn(vendorErrors, name))
    .filter((name) => !names.has(name))
    .map((name) => ({ name, rows: nothingOf(vendorOperation(name), vendorErrors[name] ?? []) }));
  const others = data.filter(({ name, product }) => !names.has(name) && product !== 'kindred');
  const parts = [
    INTRODUCTION,
    section('## Operations', served.length === 0 ? 'None.' : summary(served, driven)),
    section('## Gaps in what is served', gaps(served)),
    section('## Operations around images that are not served', notServed(absent)),
    section('## Of other products', otherProducts(others, driven)),
    section('## The clients', clientTable(driven)),
    section('## Terraform', terraform(driven)),
  ];
  return [
    ['coverage.md', page("Coverage of the vendor's API", parts.join(''))],
    ...served.map((coverage): Pages[number] => [
      `coverage/${coverage.name}.md`,
      operationPage(
        coverage,
        `[What it does](../operations/${coverage.name}.md) · [All operations](../coverage.md)\n\nDriven by: ${drivenBy(coverage.name, driven)}.`,
      ),
    ]),
    ...absent.map((coverage): Pages[number] => [
      `coverage/${coverage.name}.md`,
      operationPage(coverage, `Not served: ${NOT_SUPPORTED} · [All operations](../coverage.md)`),
    ]),
  ];
};

const INTRODUCTION = `Measured against the models of \`@alicloud/ecs20140526\` ${sdkVersion} and the error lists of the vendor's reference. Of a parameter is said whether it is *${MARKS.served}*, *${MARKS.withoutEffect}* with the reason why that is right, *${MARKS.refused}* with an error, or ${MARKS.notServed}: then it has no effect, is counted in the metrics and is named in the header \`x-kindred-ignored\`. A field that is ${MARKS.notServed} is not in our answers. *Driven by* names the unmodified official clients that were answered with success, as seen on the wire in the last run of the conformance suites.

`;

const count = (rows: readonly Row[], ...marks: Row['mark'][]): number =>
  rows.filter(({ mark }) => marks.includes(mark)).length;

const share = (rows: readonly Row[]): string => {
  const all = rows.length - count(rows, MARKS.ours);
  return `${all - count(rows, MARKS.notServed, MARKS.otherType)}/${all}`;
};

const drivenBy = (name: string, { byOperation }: DrivenClients): string =>
  (byOperation.get(name) ?? []).join('; ') || 'none';

const summary = (served: readonly Coverage[], driven: DrivenClients): string =>
  table(
    [
      'Operation',
      'Parameters served',
      'without effect',
      'refused',
      'not served',
      'Fields',
      'Errors',
      'Driven by',
    ],
    served.map(({ name, rows }) => [
      `[${name}](coverage/${name}.md)`,
      ...[MARKS.served, MARKS.withoutEffect, MARKS.refused, MARKS.notServed].map((mark) =>
        String(count(rows.parameters, mark)),
      ),
      share(rows.fields),
      share(rows.errors),
      drivenBy(name, driven),
    ]),
  );

/** What is inside of something missing is missing with it; its own rows stand on the operation's page. */
const outermost = (names: readonly string[]): string[] =>
  names.filter((name) => !names.some((outer) => name.startsWith(`${outer}.`)));

const gaps = (served: readonly Coverage[]): string => {
  const lines = served.flatMap(({ name, rows }) => {
    const kinds = (Object.entries(rows) as [keyof Rows, Row[]][]).flatMap(([kind, own]) => {
      const missing = own
        .filter(({ mark }) => mark === MARKS.notServed || mark === MARKS.otherType)
        .map((row) => row.name);
      return missing.length === 0 ? [] : [`${kind} ${outermost(missing).map(code).join(', ')}`];
    });
    return kinds.length === 0 ? [] : [`- [${name}](coverage/${name}.md): ${kinds.join('; ')}\n`];
  });
  return lines.join('') || 'None.';
};

const NOT_SUPPORTED = 'calling it answers `InvalidAction.NotSupported`.';

const notServed = (absent: readonly Coverage[]): string =>
  table(
    ['Operation', 'Parameters', 'Fields'],
    absent.map(({ name, rows: { parameters, fields } }) => [
      `[${name}](coverage/${name}.md)`,
      String(parameters.length),
      String(fields.length),
    ]),
  ) || 'None.';

const otherProducts = (others: readonly OperationData[], driven: DrivenClients): string =>
  table(
    ['Operation', 'Product', 'Driven by'],
    others.map(({ name, product }) => [
      `[${name}](operations/${name}.md)`,
      product,
      drivenBy(name, driven),
    ]),
  );

const clientTable = ({ clients }: DrivenClients): string =>
  table(
    ['Client', 'Version', 'Last run', 'Operations'],
    clients.map(({ client, version, date, operations }) => [
      client,
      version,
      date,
      String(operations.length),
    ]),
  );

const outcomeIn = ({ scenarios, notRun }: TerraformRun, number: number, title: string): string => {
  const isIt = (one: { number: number; title: string }) =>
    one.number === number && one.title === title;
  const ran = scenarios.find(isIt);
  if (ran !== undefined) return ran.passed ? 'passed' : '**failed**';
  const reason = notRun.find(isIt)?.reason;
  return reason === undefined ? 'not run' : `not run: ${reason}`;
};

/** One column for each version of the provider. */
const terraform = ({ terraform: runs }: DrivenClients): string => {
  const newest = runs.at(-1);
  if (newest === undefined) return '';
  const all = [...newest.scenarios, ...newest.notRun].toSorted((a, b) => a.number - b.number);
  return `Terraform with terraform-provider-alicloud, not modified: apply, a plan without a difference, destroy.\n\n${table(
    [
      'Scenario',
      'What',
      ...runs.map(({ version, terraformVersion, date }) => {
        return `alicloud ${version}, Terraform ${terraformVersion}, ${date}`;
      }),
    ],
    all.map(({ number, title }) => [
      String(number || ''),
      title,
      ...runs.map((run) => outcomeIn(run, number, title)),
    ]),
  )}`;
};

const operationPage = ({ name, rows }: Coverage, head: string): string => {
  const block = (title: string, own: readonly Row[]): string =>
    section(
      `## ${title}`,
      table(
        ['', 'Name', 'Note'],
        own.map((row) => [row.mark, code(row.name), row.note]),
      ),
    );
  return page(
    `Coverage of ${name}`,
    `${head}\n\n${block('Parameters', rows.parameters)}${block('Answer', rows.fields)}${block('Errors', rows.errors)}`,
  );
};
