// Writes everything that is derived from the operation files: `npm run gen`. With `--check` nothing
// is written and a stale file is an error. With `--root DIR` it works on another copy of the tree.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { attacksPage } from './gen/attacks-page.ts';
import { clientDataSource, operationData } from './gen/client-data.ts';
import { clientTypesSource } from './gen/client-types.ts';
import { coveragePages } from './gen/coverage-page.ts';
import { dependenciesPage, sbomSource } from './gen/dependencies.ts';
import { loadOperations } from './gen/load-operations.ts';
import { openapiSource } from './gen/openapi.ts';
import { operationPage } from './gen/operation-page.ts';
import { accessPage, errorsPage, indexPage } from './gen/reference-pages.ts';
import { operationFiles, registrySource } from './gen/registry.ts';
import { seedSchemaSource } from './gen/seed-schema.ts';
import { vendorActionNames, vendorActionsSource } from './gen/vendor-actions.ts';

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string', default: '.' } },
});

const PAGES = 'docs/reference/operations';
/** Folders that hold generated files alone: one that nothing generates any more goes. */
const GENERATED = [PAGES, 'docs/reference/coverage'];

/** Path below the root → its text. The registry comes first: it is right even if a file is not. */
const generated = async function* (root: string): AsyncGenerator<[path: string, text: string]> {
  const files = operationFiles(join(root, 'src/operations'));
  const vendorActions = vendorActionNames();
  yield ['src/operations/index.ts', registrySource(files)];
  yield ['src/operations/vendor-actions.ts', vendorActionsSource(vendorActions)];

  const operations = await loadOperations(root, files);
  const data = operations.map((operation, i) => operationData(operation, files[i]!.name));
  yield ['src/client/data.json', clientDataSource(data)];
  yield ['src/client/types.ts', await clientTypesSource(data)];

  for (const [i, operation] of operations.entries())
    yield [`${PAGES}/${data[i]!.name}.md`, operationPage(operation, data[i]!)];
  yield ['docs/reference/operations.md', indexPage(data)];
  yield ['docs/reference/errors.md', errorsPage(operations, data)];
  yield ['docs/reference/access.md', accessPage(operations, data)];
  for (const [path, text] of coveragePages(root, operations, data, vendorActions))
    yield [`docs/reference/${path}`, text];
  yield ['docs/reference/attacks.md', attacksPage(root)];
  yield ['docs/reference/dependencies.md', dependenciesPage(root)];
  yield ['docs/reference/sbom.cdx.json', sbomSource(root)];
  yield ['docs/reference/seed.schema.json', seedSchemaSource()];
  yield ['docs/reference/openapi.json', openapiSource(packageVersion(root), operations, data)];
};

const packageVersion = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

let stale = 0;
const refresh = (path: string, isFresh: boolean, write: () => void): void => {
  if (isFresh) return;
  stale += 1;
  if (values.check) {
    console.error(`${path} is stale; run \`npm run gen\``);
    return;
  }
  write();
  console.log(`wrote ${path}`);
};

const paths = new Set<string>();
for await (const [path, text] of generated(values.root)) {
  const full = join(values.root, path);
  paths.add(path);
  refresh(path, read(full) === text, () => {
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  });
}
for (const folder of GENERATED) {
  const pages = join(values.root, folder);
  for (const name of existsSync(pages) ? readdirSync(pages).toSorted() : []) {
    const path = `${folder}/${name}`;
    refresh(path, paths.has(path), () => rmSync(join(values.root, path)));
  }
}
if (values.check && stale > 0) process.exitCode = 1;
