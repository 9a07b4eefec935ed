// The tests that every operation has: one call for each declared error, through the whole pipeline,
// which must change nothing; the vendor's error list accounted for row by row; the example in the
// docs decodes and fits the output's schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test, type TestContext } from 'node:test';
import { Value } from '@sinclair/typebox/value';
import type { ErrorCode } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { operations } from '../operations/index.ts';
import { decode } from '../wire/decode.ts';
import { watchReads } from './field-reads.ts';
import {
  CallError,
  kindred,
  type CallOptions,
  type Harness,
  type HarnessOptions,
  type Parameters,
} from './harness.ts';

export interface Case {
  readonly k: Harness;
  /** The name of the operation under test. */
  readonly name: string;
  /** Calls the operation under test; the state is hashed right before. */
  // oxlint-disable-next-line typescript/no-explicit-any -- parsed answers
  call(parameters: Parameters, options?: CallOptions): Promise<any>;
}

type Cases<O extends Operation> = Record<keyof O['errors'] & string, (t: Case) => Promise<unknown>>;

const vendorErrors = JSON.parse(
  readFileSync(new URL('../../test/data/vendor-errors.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

export interface TestOptions {
  kindred?: HarnessOptions;
  /**
   * One Kindred for all cases instead of one for each: for operations with dozens of errors, whose cases
   * do not get into one another's way. What a case sets up the next ones find.
   */
  isShared?: boolean;
}

/** Options of a run of a part of a file's tests. */
const PARTIAL = /^--test-(name-pattern|skip-pattern|only)/;

export const testOperation = <O extends Operation>(
  operation: O,
  cases: Cases<O>,
  options: TestOptions = {},
): void => {
  const { action } = operation;
  const name = nameOf(operation);
  const declared = operation.errors as Record<string, number>;
  const unread = watchReads(operation);
  // Of a whole file only: a part of its tests reads a part of the fields.
  if (!process.execArgv.some((arg) => PARTIAL.test(arg)))
    after(() => assert.deepEqual(unread(), [], `${name} declares fields that nothing reads`));

  test(`${name}: every declared error has a case`, () => {
    assert.deepEqual(Object.keys(cases).toSorted(), Object.keys(declared).toSorted());
  });

  test(`${name}: the vendor's errors are declared or cannot occur`, () => {
    const accounted = new Set([
      ...Object.entries(declared).map(([code, status]) => `${status} ${code}`),
      ...Object.keys(operation.cannotOccur),
    ]);
    const rows = operation.product === 'ecs' ? (vendorErrors[action] ?? []) : [];
    assert.deepEqual(
      rows.filter((row) => !accounted.has(row)),
      [],
    );
    const known = new Set(rows);
    assert.deepEqual(
      Object.keys(operation.cannotOccur).filter((row) => !known.has(row)),
      [],
    );
  });

  test(`${name}: the example decodes, and its answer fits the schema`, () => {
    const request = new Map(Object.entries(operation.example.request as Parameters));
    assert.deepEqual(decode(operation.input, request).unknown, []);
    const faults = [...Value.Errors(operation.output, operation.example.response)];
    assert.deepEqual(
      faults.map(({ path, message }) => `${path} ${message}`),
      [],
    );
  });

  const open = opener(options);

  for (const [code, provoke] of Object.entries(cases) as [
    ErrorCode,
    (t: Case) => Promise<unknown>,
  ][])
    test(`${name}: ${code}`, async (t) => {
      const k = await open(t);
      let before = '';
      const attempt = provoke({
        k,
        name,
        call: (parameters, callOptions) => {
          before = k.stateHash();
          return k.call(name, parameters, callOptions);
        },
      });
      const error = await attempt.then(
        (value) => assert.fail(`expected ${code}, got ${JSON.stringify(value)}`),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof CallError, String(error));
      assert.equal(error.code, code, error.message);
      assert.equal(error.status, declared[code]);
      assert.notEqual(before, '', 'the case must end with t.call');
      assert.equal(k.stateHash(), before, 'a refused call changed the state');
    });
};

/** Opens the Kindred of a case, or the one of all cases, which ends with the file. */
const opener = (options: TestOptions): ((t: TestContext) => Promise<Harness>) => {
  if (options.isShared !== true) return (t) => kindred(t, options.kindred);
  const ends: (() => void | Promise<void>)[] = [];
  let shared: Promise<Harness> | undefined;
  after(async () => {
    for (const end of ends) await end();
  });
  return () =>
    (shared ??= kindred({ after: (end) => void ends.push(end as () => void) }, options.kindred));
};

const nameOf = ({ product, action }: Operation): string =>
  operations.find((entry) => entry.product === product && entry.action === action)!.name;

/** The test of an operation that is `servedAs` another product has it, whose tests say the rest. */
export const testServedAs = <O extends Operation>(operation: O, original: O): void => {
  const { product, version, action } = operation;
  const entry = operations.find((one) => one.version === version && one.action === action)!;

  test(`${entry.name}: is ${original.product} ${action} under its own version`, async () => {
    assert.notEqual(version, original.version);
    assert.deepEqual(operation, { ...original, product, version });
    assert.equal(operation.handler, original.handler);
    assert.equal(await entry.load(), operation);
    assert.equal(entry.product, product);
  });
};
