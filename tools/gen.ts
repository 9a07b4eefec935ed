// Writes everything that is derived from the operation files: `npm run gen`. With `--check` nothing
// is written and a stale file is an error. With `--root DIR` it works on another copy of the tree.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { operationFiles, registrySource } from './gen/registry.ts';
import { vendorActionNames, vendorActionsSource } from './gen/vendor-actions.ts';

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string', default: '.' } },
});

/** Path below the root → its text. The registry comes first: the others read the operations by it. */
const generated = async function* (root: string): AsyncGenerator<[path: string, text: string]> {
  const files = operationFiles(join(root, 'src/operations'));
  yield ['src/operations/index.ts', registrySource(files)];
  yield ['src/operations/vendor-actions.ts', vendorActionsSource(vendorActionNames())];
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

let stale = 0;
for await (const [path, text] of generated(values.root)) {
  const full = join(values.root, path);
  if (read(full) === text) continue;
  stale += 1;
  if (values.check) {
    console.error(`${path} is stale; run \`npm run gen\``);
    continue;
  }
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  console.log(`wrote ${path}`);
}
if (values.check && stale > 0) process.exitCode = 1;
