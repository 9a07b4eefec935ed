// What must not get into the tree: paths of somebody's machine, host names of package registries,
// keys, notes to oneself. The patterns are written so that they do not find themselves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { filesOf, ROOT, textOf } from './tree.ts';

const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'a path of a machine': /(^|[\s"'`(=:])\/(w[o]rk|r[o]ot|h[o]me\/\w+|U[s]ers\/\w+)\//m,
  'the host of a package registry':
    /\b(n[p]mjs\.(org|com)|p[y]pi\.org|pythonh[o]sted\.org|proxy\.g[o]lang\.org|crates\.i[o]\b|deb\.d[e]bian\.org|repo1?\.m[a]ven|registry\.terraf[o]rm\.io)/i,
  'a note to oneself': /\b(T[O]DO|F[I]XME|X[X]X)\b/,
  'a private key': /-----BEGIN (RSA |EC )?PRIV[A]TE KEY-----/,
};

/** What git has or would add; without git (a tarball) what lies there. */
const committed = (): string[] => {
  try {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\0').filter((path) => path !== '');
  } catch {
    return filesOf('*', '.ci/**', '{bin,docs,src,test,tools,console}/**/*');
  }
};

const TEXT =
  /(\.(ts|tsx|js|mjs|json|md|yml|yaml|toml|sh|py|tf|hcl|css|html|txt)|LICENSE|NOTICE|\/run|\/\.\w+|^\.\w+)$/;

for (const [what, pattern] of Object.entries(FORBIDDEN))
  test(`no file holds ${what}`, () => {
    const found = committed()
      .filter((path) => TEXT.test(path))
      .flatMap((path) => {
        try {
          const match = pattern.exec(textOf(path));
          return match ? [`${path}: ${match[0].trim()}`] : [];
        } catch {
          return []; // listed and deleted, or a link
        }
      });
    assert.deepEqual(found, []);
  });

test('the tree is not empty', () => {
  assert.ok(committed().length > 100);
});
