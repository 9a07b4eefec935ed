import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSync, Visitor } from 'oxc-parser';
import { CHANGES, RECORDED, RECORDERS } from './recorded-changes.ts';
import { filesOf, textOf } from './tree.ts';

/** A write of the store, of a job, or of what was given one; the write of a stream is none. */
const WRITE = /(^|\.)#?(store|ctx|parts)\.write$/;
/** SQL that changes rows beside the doors of the store. */
const SQL = /^\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s/;
/** The store itself: verbs, migrations, the template of a new database. */
const STORE = /^src\/store\/(queries|migrations)\//;

const callsOf = (path: string): { callees: string[]; hasSql: boolean } => {
  const text = textOf(path);
  const callees: string[] = [];
  let hasSql = false;
  new Visitor({
    CallExpression({ callee }) {
      callees.push(text.slice(callee.start, callee.end).replaceAll(/\s+/g, ''));
    },
    Literal({ value }) {
      hasSql ||= typeof value === 'string' && SQL.test(value);
    },
    TemplateElement({ value }) {
      hasSql ||= SQL.test(value.raw);
    },
  }).visit(parseSync(path, text).program);
  return { callees, hasSql };
};

const files = filesOf('src/**/*.ts').filter(
  (path) => !/\.test\.ts$|^src\/testing\//.test(path) && !STORE.test(path),
);

test('whatever changes rows has its records, or says why it has none', () => {
  const changing = files.filter((path) => {
    const { callees, hasSql } = callsOf(path);
    return hasSql || callees.some((callee) => WRITE.test(callee));
  });
  assert.deepEqual(changing.toSorted(), Object.keys(CHANGES).toSorted());
});

test('what says that it records does', () => {
  for (const [path, what] of Object.entries(CHANGES)) {
    if (what !== RECORDED) continue;
    const names = callsOf(path).callees.map((callee) => callee.split('.').at(-1)!);
    assert.ok(
      names.some((name) => RECORDERS.includes(name)),
      `${path} records nothing`,
    );
  }
});
