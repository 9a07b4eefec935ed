// The pages of the clients: what they show is what the tests run, and the Chinese pages are translations of
// the English ones as these are now.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { filesOf, textOf } from './tree.ts';

const ENGLISH = filesOf('docs/guide/clients/*.md');
const chineseOf = (page: string): string => page.replace('/clients/', '/clients/zh-CN/');

/** `<!-- examples/… -->` names the file that the block below it shows. */
const SHOWN = /^<!-- (examples\/\S+) -->\n\n```\w+\n([\s\S]*?)^```$/gm;
const BLOCK = /^```\w*\n[\s\S]*?^```$/gm;

const blocksOf = (page: string): string[] =>
  [...textOf(page).matchAll(BLOCK)].map(([block]) => block);
const levelsOf = (page: string): string[] =>
  [
    ...textOf(page)
      .replace(BLOCK, '')
      .matchAll(/^(#+) /gm),
  ].map(([, level = '']) => level);

test('each page of a client shows its example as it is run', () => {
  assert.equal(ENGLISH.length, 6);
  for (const page of [...ENGLISH, ...ENGLISH.map(chineseOf)]) {
    const shown = [...textOf(page).matchAll(SHOWN)];
    assert.ok(
      shown.some(([, path = '']) => !/\.(json|txt)$/.test(path)),
      page,
    );
    for (const [, path = '', block] of shown) assert.equal(block, textOf(path), `${page}: ${path}`);
  }
});

test('no example is without a page', () => {
  const shown = new Set(
    ENGLISH.flatMap((page) => [...textOf(page).matchAll(SHOWN)].map(([, path]) => path)),
  );
  const files = filesOf('examples/clients/**/*.*').filter((path) => !/\/go\.(mod|sum)$/.test(path));
  assert.deepEqual(
    files.filter((path) => !shown.has(path)),
    [],
  );
});

test('each Chinese page is of the English one as it is now', () => {
  assert.deepEqual(filesOf('docs/guide/clients/zh-CN/*.md'), ENGLISH.map(chineseOf).toSorted());
  for (const page of ENGLISH) {
    const digest = createHash('sha256').update(textOf(page)).digest('hex');
    const own = chineseOf(page);
    const [, translated] = /^<!-- translation of \S+, SHA-256 (\w+) -->$/m.exec(textOf(own)) ?? [];
    assert.equal(
      translated,
      digest,
      `${own} is older than ${page}: translate what changed, then write the digest into its first line`,
    );
    assert.deepEqual(blocksOf(own), blocksOf(page), own);
    assert.deepEqual(levelsOf(own), levelsOf(page), own);
  }
});

test("Packer's page begins with what Packer cannot do here", () => {
  assert.match(
    textOf('docs/guide/clients/packer.md'),
    /^# [^\n]+\n\nProvisioners need a machine, and Kindred has none:/,
  );
});
