// What is installed with the program: licences that may stand beside Apache-2.0, nothing native, nothing that
// runs at installation; and the bill of materials that npm makes of it names the same.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockedPackages, sbomSource } from '../../tools/gen/dependencies.ts';

const LICENCES = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);
const ROOT = new URL('../..', import.meta.url).pathname;
const packages = lockedPackages(ROOT);

test('every package has a licence that fits, and none runs a script when it is installed', () => {
  assert.ok(packages.length > 10);
  const odd = packages.filter(
    ({ license, hasInstallScript }) => hasInstallScript || !LICENCES.has(license),
  );
  assert.deepEqual(odd, []);
});

test('nothing native is among what Kindred names', () => {
  for (const { name, isDirect } of packages) {
    if (!isDirect) continue;
    const files = readdirSync(join(ROOT, 'node_modules', name), { recursive: true });
    const native = files.filter((file) => /\.(node|gyp|so|dylib|dll)$/.test(String(file)));
    assert.deepEqual(native, [], name);
  }
});

test('the bill of materials hangs together: hashes, and who needs whom', () => {
  const bill = JSON.parse(sbomSource(ROOT)) as {
    metadata: { component: { 'bom-ref': string } };
    components: { 'bom-ref': string; hashes: { content: string }[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  const known = new Set(bill.components.map((component) => component['bom-ref']));
  for (const { hashes } of bill.components)
    assert.match(hashes[0]?.content ?? '', /^[0-9a-f]{128}$/);
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  // From the program itself one gets to every package that is listed, and to nothing else.
  const reached = new Set<string>();
  const walk = (ref: string): void => {
    for (const next of needs.get(ref) ?? assert.fail(`${ref} is not told`)) {
      assert.ok(known.has(next), next);
      if (!reached.has(next)) {
        reached.add(next);
        walk(next);
      }
    }
  };
  walk(bill.metadata.component['bom-ref']);
  assert.deepEqual(
    [...known].filter((ref) => !reached.has(ref)),
    [],
  );
});
