// The written pages: links lead somewhere, decisions stay short, both READMEs tell the same things.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { operations } from '../../src/operations/index.ts';
import { vendorActions } from '../../src/operations/vendor-actions.ts';
import { SETTINGS } from '../../src/server/settings.ts';
import { filesOf, lineCount, ROOT, textOf } from './tree.ts';

const pages = filesOf('*.md', 'docs/**/*.md', 'test/**/*.md');

test('every link to a file leads to one', () => {
  const broken = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target.replace(/#.*$/, ''))
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(ROOT, normalize(join(dirname(page), target)))))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('a decision has at most twenty lines, a number of its own, and stands in the index', () => {
  const decisions = filesOf('docs/decisions/[0-9]*.md');
  for (const [index, path] of decisions.entries()) {
    assert.ok(lineCount(textOf(path)) <= 20, `${path} is too long`);
    const number = String(index + 1).padStart(4, '0');
    assert.ok(path.startsWith(`docs/decisions/${number}-`), `${path}: expected ${number}`);
    assert.ok(
      textOf('docs/decisions/README.md').includes(path.slice('docs/decisions/'.length)),
      path,
    );
  }
});

/** The code of a page, without its comments and the texts that are shown to people. */
const codeOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, code = '']) =>
    code.replace(/ *(#|\/\/) .*$/gm, '').replace(/\?\? '.*'/g, "?? ''"),
  );

test('both READMEs show the same code', () => {
  assert.deepEqual(codeOf('README.zh-CN.md'), codeOf('README.md'));
});

test('the READMEs name no operation as missing that is served, and none that nobody knows', () => {
  for (const readme of ['README.md', 'README.zh-CN.md']) {
    const limits = /`InvalidAction\.NotSupported`(.*)/.exec(textOf(readme))?.[0] ?? '';
    const named = [...limits.matchAll(/\b[A-Z][a-z]+[A-Z]\w+\b/g)]
      .map(([name]) => name)
      .filter((name) => vendorActions.has(name));
    assert.ok(named.length > 0, `${readme} names ${named.length} operations that are not served`);
    const served = new Set(operations.map(({ action }) => action));
    assert.deepEqual(
      named.filter((name) => served.has(name)),
      [],
      `${readme}: these are served now`,
    );
  }
});

test('the guide explains every setting of serve', () => {
  const guide = textOf('docs/guide/operate.md');
  assert.deepEqual(
    Object.keys(SETTINGS).filter((name) => !guide.includes(`\`--${name}`)),
    [],
  );
});
