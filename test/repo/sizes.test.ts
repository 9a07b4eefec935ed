// How long files and functions are, and that a long file says at its top what it is for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesOf, functionsOf, lineCount, textOf } from './tree.ts';

/** Tables and generated data, which are looked up and not read through. */
const DATA: ReadonlySet<string> = new Set([
  'src/errors.ts',
  'src/domain/region.ts',
  'src/operations/index.ts',
  'src/operations/vendor-actions.ts',
  'src/client/types.ts',
]);

const MEDIAN = 90;
const NINE_IN_TEN = 250;
const LONGEST = 400;
const LONGEST_FUNCTION = 70;
const NEEDS_A_PARAGRAPH = 80;

const files = filesOf('{src,test,tools}/**/*.ts').filter((path) => !DATA.has(path));
const sizes = files.map((path) => ({ path, lines: lineCount(textOf(path)) }));

test('the data tables exist', () => {
  const all = new Set(filesOf('src/**/*.ts'));
  assert.deepEqual(
    [...DATA].filter((path) => !all.has(path)),
    [],
  );
});

test('half of the files are short, nine in ten are not long, none is very long', (t) => {
  const sorted = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  t.diagnostic(
    `${sorted.length} files, median ${at(0.5)}, nine in ten ${at(0.9)}, longest ${at(1)}`,
  );
  assert.ok(at(0.5) < MEDIAN, `the median is ${at(0.5)}`);
  assert.ok(at(0.9) < NINE_IN_TEN, `nine in ten have up to ${at(0.9)}`);
  const tooLong = sizes.filter(({ lines }) => lines > LONGEST);
  assert.deepEqual(tooLong, []);
});

test('no function has more lines than a screen', () => {
  // A migration is one text of SQL.
  const read = files.filter((path) => !path.startsWith('src/store/migrations/'));
  const tooLong = read.flatMap((path) =>
    functionsOf(path)
      .filter(({ lines }) => lines > LONGEST_FUNCTION)
      .map(({ line, lines }) => `${path}:${line} has ${lines} lines`),
  );
  assert.deepEqual(tooLong, []);
});

// An operation file opens with its declaration, whose `docs` are that paragraph and more; a test file
// beside a source is about that source.
const speaksForItself = (path: string): boolean =>
  /^src\/operations\/\w+\/[A-Z]\w*\.ts$/.test(path) || /^src\/.*\.test\.ts$/.test(path);

test('a file over 80 lines opens with a paragraph that says what it is for', () => {
  const silent = sizes
    .filter(({ path, lines }) => lines > NEEDS_A_PARAGRAPH && !speaksForItself(path))
    .filter(({ path }) => !/^(#!.*\n)?(\/\/|\/\*)/.test(textOf(path)))
    .map(({ path, lines }) => `${path} (${lines})`);
  assert.deepEqual(silent, []);
});
