// What every operation has, and that adding one takes two hand-written files: the operation and its
// test. Also that every code of the error catalogue is provoked by some test.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSync, Visitor } from 'oxc-parser';
import { catalogue } from '../../src/errors.ts';
import { operations } from '../../src/operations/index.ts';
import { filesOf, ROOT, textOf } from './tree.ts';

const OPERATION = /^src\/operations\/(\w+)\/([A-Z]\w*)\.ts$/;

const operationFiles = filesOf('src/operations/*/*.ts').filter((path) => OPERATION.test(path));

test('the folder of operations holds operations, their tests and what they share', () => {
  const strangers = filesOf('src/operations/**/*.ts').filter(
    (path) =>
      !OPERATION.test(path.replace(/\.test\.ts$/, '.ts')) &&
      !/^src\/operations\/\w+\/shared\/[a-z0-9-]+(\.test)?\.ts$/.test(path) &&
      !/^src\/operations\/(index|vendor-actions)\.ts$/.test(path),
  );
  assert.deepEqual(strangers, []);
});

test('every operation file stands in the registry under its own name', async () => {
  const registered = operations.map(
    ({ product, action }) => `src/operations/${product}/${action}.ts`,
  );
  assert.deepEqual(registered.toSorted(), operationFiles);
  for (const { product, version, action, load } of operations) {
    const operation = await load();
    assert.deepEqual(
      { product: operation.product, version: operation.version, action: operation.action },
      { product, version, action },
    );
  }
});

test('every operation says what it does, has an example and a handler', async () => {
  for (const { action, load } of operations) {
    const operation = await load();
    assert.match(operation.docs.summary, /^\p{Lu}.*\.$/su, `${action}: a summary is a sentence`);
    assert.equal(typeof operation.example.request, 'object', `${action} has no example`);
    assert.equal(typeof operation.example.response, 'object', `${action} has no example`);
    assert.equal(typeof operation.handler, 'function');
    assert.match(operation.access.action, /^\w+:\w+$/, `${action}: a RAM action`);
    for (const code of Object.keys(operation.errors))
      assert.ok(Object.hasOwn(catalogue, code), `${action}: ${code} is not in the catalogue`);
  }
});

test('every operation has a test beside it that runs the common cases', () => {
  for (const path of operationFiles) {
    const beside = path.replace(/\.ts$/, '.test.ts');
    assert.ok(existsSync(join(ROOT, beside)), `${beside} is missing`);
    assert.match(
      textOf(beside),
      /\b(testOperation|testServedAs)\(/,
      `${beside} calls neither testOperation nor testServedAs`,
    );
  }
});

/** Texts of a file that stand in quotes. */
const stringsOf = (path: string): Set<string> => {
  const found = new Set<string>();
  new Visitor({
    Literal({ value }) {
      if (typeof value === 'string') found.add(value);
    },
  }).visit(parseSync(path, textOf(path)).program);
  return found;
};

test('between the wire and the registry nothing knows an operation by its name', () => {
  const actions = new Set(operations.map(({ action }) => action));
  const between = filesOf('src/{wire,server,client}/**/*.ts').filter(
    (path) =>
      !path.endsWith('.test.ts') &&
      path !== 'src/client/types.ts' &&
      // A caller of its own server, as the command line is.
      path !== 'src/server/test-controls/world-seed.ts',
  );
  const known = between.flatMap((path) =>
    [...stringsOf(path)].filter((text) => actions.has(text)).map((text) => `${path}: ${text}`),
  );
  assert.deepEqual(known, []);
});

test('every error of the catalogue is provoked by some test', () => {
  const tests = filesOf('src/**/*.test.ts', 'src/testing/*.ts', 'test/**/*.ts')
    .filter((path) => !path.startsWith('test/repo/'))
    .map(textOf)
    .join('\n');
  const words = new Set(tests.match(/[A-Za-z]\w*(\.\w+)*/g));
  assert.deepEqual(
    // The code of another product has a space in it.
    Object.keys(catalogue).filter((code) => !words.has(code) && !tests.includes(`'${code}'`)),
    [],
  );
});
