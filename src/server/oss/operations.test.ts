import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OSS_OPERATIONS } from './operations.ts';

test('the table of the reference is what the door serves', () => {
  const page = readFileSync(
    new URL('../../../docs/reference/object-door.md', import.meta.url),
    'utf8',
  );
  const told = page.split('\n').filter((line) => /^\| [A-Z]/.test(line));
  const served = OSS_OPERATIONS.map(({ name, method, target, selector, parameters }) => {
    const names = [...(selector === undefined ? [] : [selector]), ...parameters];
    const text = names.map((one) => `\`${one}\``).join(' ') || '–';
    return [name, `${method} ${target}`, text].join(' | ');
  });
  const cells = told.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  assert.deepEqual(
    cells.map((row) => row.join(' | ')),
    served,
  );
});

test('each operation is a file of its name', () => {
  const files = readdirSync(new URL('./operations', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name.replace('.ts', ''));
  assert.deepEqual(files.toSorted(), OSS_OPERATIONS.map(({ name }) => name).toSorted());
});
