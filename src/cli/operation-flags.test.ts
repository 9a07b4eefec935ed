import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../client/data.ts';
import { encodeInput } from '../client/encode-input.ts';
import { exampleLine } from './example-line.ts';
import { kebab } from './flag-names.ts';
import { COMMON_FLAGS, parseOperationFlags, requireInput, WAIT_FLAG } from './operation-flags.ts';
import { operationHelp } from './operation-help.ts';
import { UsageError } from './usage-error.ts';

const all = Object.values(operations);
const images = operations.DescribeImages!;

const refusal = (argv: string[], operation = images): string => {
  try {
    requireInput(operation, parseOperationFlags(operation, argv).input);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error.message;
  }
  return 'accepted';
};

/** Splits as a shell does, as far as example lines go. */
const words = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);

test('flags of a parameter, a list, a struct and a switch', () => {
  const argv =
    '--region-id cn-hangzhou --tag Key=a --tag Key=b,Value=c --dry-run --no-usable --page-size 5';
  const { input, wait } = parseOperationFlags(images, argv.split(' '));
  assert.deepEqual(input, {
    RegionId: 'cn-hangzhou',
    Tag: [{ Key: 'a' }, { Key: 'b', Value: 'c' }],
    DryRun: true,
    Usable: false,
    PageSize: 5,
  });
  assert.equal(wait, false);
});

test('the flags of every command', () => {
  const argv = ['--endpoint', 'http://h', '--profile=p', '--data', 'd', '--output', 'text'];
  const { input: _, ...common } = parseOperationFlags(images, argv);
  assert.deepEqual(common, {
    endpoint: 'http://h',
    profile: 'p',
    data: 'd',
    output: 'text',
    wait: false,
  });
});

test('wrong usage is one sentence that helps', () => {
  assert.equal(
    refusal(['--regon-id', 'x']),
    'describe-images has no flag --regon-id. Did you mean --region-id?',
  );
  assert.equal(
    refusal(['--zzzzzz', 'x']),
    'describe-images has no flag --zzzzzz. See kindred describe-images --help.',
  );
  assert.match(refusal([]), /^describe-images needs --region-id; see .* ALIBABA_CLOUD_REGION_ID/);
  assert.equal(
    refusal(['--image-id', 'a', '--image-id', 'b']),
    '--image-id is given 2 times; it takes one value.',
  );
  assert.equal(refusal(['--output', 'yaml']), '--output must be table, json, text; not yaml.');
  assert.match(refusal(['web']), /does not know what to do with web/);
  assert.match(refusal(['--region-id']), /argument missing; see kindred describe-images --help\.$/);
});

test('no parameter has the name of a common flag', () => {
  const common = new Set(['wait', ...Object.keys(COMMON_FLAGS)]);
  const clashes = all.flatMap(({ name: operation, input }) =>
    input.filter(({ name }) => common.has(kebab(name))).map(({ name }) => `${operation} ${name}`),
  );
  assert.deepEqual(clashes, []);
});

test('every example line, read back, is the example of its operation', () => {
  for (const operation of all) {
    const [program, name, ...argv] = words(exampleLine(operation));
    assert.deepEqual([program, name], ['kindred', kebab(operation.name)]);
    const { input } = parseOperationFlags(operation, argv);
    requireInput(operation, input);
    assert.deepEqual(encodeInput(operation, input), { ...operation.example }, operation.name);
  }
});

test('the help of every operation names each flag, the example and the exit codes', () => {
  for (const operation of all) {
    const help = operationHelp(operation, 100);
    const flags = [...operation.input.map(({ name }) => kebab(name)), ...Object.keys(COMMON_FLAGS)];
    for (const flag of flags) assert.match(help, new RegExp(`--${flag}\\b`), operation.action);
    assert.ok(help.includes(exampleLine(operation)));
    assert.match(help, /Exit codes: 0 .*, 2 .*, 1 /);
    assert.equal(help.includes(WAIT_FLAG.help), operation.kind === 'task');
    for (const { name } of operation.input.filter(({ required }) => required))
      assert.match(help, new RegExp(`^\\* --${kebab(name)}\\b`, 'm'));
    const long = help
      .split('\n')
      .filter(
        (line) => line.length > 100 && !/^\s*\*? *--|^ {2}kindred|^Usage|^kindred/.test(line),
      );
    assert.deepEqual(long, [], operation.action);
  }
});
