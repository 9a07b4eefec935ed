// The version and the licence are told in several places, and alike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERSION } from '../../src/server/version.ts';
import { textOf } from './tree.ts';

const manifest = JSON.parse(textOf('package.json')) as {
  version: string;
  license: string;
  engines: { node: string };
  dependencies: Record<string, string>;
};

test('the program tells the version of the package', () => {
  assert.equal(VERSION, manifest.version);
  const lock = JSON.parse(textOf('package-lock.json')) as { version: string };
  assert.equal(lock.version, manifest.version);
});

test('the changelog opens with what is unreleased', () => {
  assert.match(textOf('CHANGELOG.md'), /^# Changelog\n[^#]*\n## Unreleased\n/);
});

test('the licence is told alike', () => {
  assert.equal(manifest.license, 'Apache-2.0');
  assert.match(textOf('LICENSE'), /Apache License\s+Version 2\.0, January 2004/);
  for (const readme of ['README.md', 'README.zh-CN.md'])
    assert.match(textOf(readme), /Apache-2\.0/);
});

test('the least Node is told alike', () => {
  const [, major, minor] = /^>=(\d+)\.(\d+)\.0$/.exec(manifest.engines.node) ?? [];
  assert.match(textOf('bin/kindred.js'), new RegExp(`least = \\[${major}, ${minor}\\]`));
});

test('run-time dependencies are eight or fewer, exact, and each has its page', () => {
  const names = Object.keys(manifest.dependencies);
  assert.ok(names.length <= 8, `${names.length} run-time dependencies`);
  for (const name of names) {
    assert.match(manifest.dependencies[name] ?? '', /^\d+\.\d+\.\d+$/, `${name} is not exact`);
    assert.match(
      textOf('docs/decisions/README.md'),
      new RegExp(`\`${name}\``),
      `${name} has no page`,
    );
  }
});
