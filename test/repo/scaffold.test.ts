// That an operation is two hand-written files: in a copy of the tree an operation and its test are
// added, the generator runs, and the operation is found wherever operations are found: answered by
// `handle()`, in the client's data and types, on the command line, in OpenAPI, in the pages.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from './tree.ts';

const OPERATION = `import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const Ping = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'Ping',
  kind: 'read',
  docs: { summary: 'Answers with the word that it was sent.' },
  input: object({
    Word: optional(string({ description: 'Any word.', maxLength: 8, invalid: 'InvalidParameter' })),
  }),
  output: object({ Word: string() }),
  errors: { InvalidParameter: 400 },
  cannotOccur: {},
  access: { action: 'kindred:Ping', resource: () => '*' },
  example: { request: { Word: 'pong' }, response: { Word: 'pong' } },
  async handler(_ctx, input) {
    return { Word: input.Word ?? 'pong' };
  },
});
`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { Ping } from './Ping.ts';

testOperation(Ping, { InvalidParameter: (t) => t.call({ Word: 'too long a word' }) });

test('Ping answers through handle()', async (t) => {
  const k = await kindred(t);
  const { RequestId, ...body } = await k.call('Ping', { Word: 'hello' });
  assert.deepEqual(body, { Word: 'hello' });
});
`;

/** An Action of ECS, served by VPC as well. */
const TWIN = `import { servedAs } from '../../operation.ts';
import { DescribeZones as OfEcs } from '../ecs/DescribeZones.ts';

export const DescribeZones = servedAs(OfEcs, 'vpc', '2016-04-28');
`;

const TWIN_TEST = `import { testServedAs } from '../../testing/operation-tests.ts';
import { DescribeZones as OfEcs } from '../ecs/DescribeZones.ts';
import { DescribeZones } from './DescribeZones.ts';

testServedAs(DescribeZones, OfEcs);
`;

const copy = mkdtempSync(join(tmpdir(), 'kindred-scaffold-'));
after(() => rmSync(copy, { recursive: true, force: true }));

const node = (args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: copy, env: cleanEnvironment(), encoding: 'utf8' });

/** A test runner inside a test runner would report to the outer one. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^NODE_(TEST|OPTIONS)/.test(name)),
  );

const read = (path: string): string => readFileSync(join(copy, path), 'utf8');

test('an operation that was added by hand is found everywhere', async (t) => {
  const files = ['package.json', 'package-lock.json', 'tsconfig.json'];
  for (const path of [
    'bin',
    'src',
    'tools',
    'test/data',
    'test/attack/attacks.json',
    'docs',
    ...files,
  ])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, 'src/operations/kindred/Ping.ts'), OPERATION);
  writeFileSync(join(copy, 'src/operations/kindred/Ping.test.ts'), TEST);
  mkdirSync(join(copy, 'src/operations/vpc'), { recursive: true });
  writeFileSync(join(copy, 'src/operations/vpc/DescribeZones.ts'), TWIN);
  writeFileSync(join(copy, 'src/operations/vpc/DescribeZones.test.ts'), TWIN_TEST);
  const before = spawnSync(process.execPath, ['tools/gen.ts', '--root', copy, '--check'], {
    cwd: copy,
    env: cleanEnvironment(),
    encoding: 'utf8',
  });
  assert.equal(before.status, 1, 'the check must notice a new operation');
  assert.match(before.stderr, /src\/operations\/index\.ts is stale/);
  const written = node(['tools/gen.ts', '--root', copy]);
  node(['tools/gen.ts', '--root', copy, '--check']);

  await t.test('in the registry, behind handle(), with the common tests', () => {
    assert.match(read('src/operations/index.ts'), /import\('\.\/kindred\/Ping\.ts'\)/);
    const run = node(['--test', '--test-reporter=tap', 'src/operations/kindred/Ping.test.ts']);
    assert.match(run, /^ok \d+ - Ping answers through handle\(\)$/m);
    assert.match(run, /^# fail 0$/m);
  });

  await t.test("in the client's data and types", () => {
    assert.ok(Object.keys(JSON.parse(read('src/client/data.json')) as object).includes('Ping'));
    assert.match(read('src/client/types.ts'), /\bPing\b/);
  });

  await t.test('on the command line', () => {
    assert.match(node(['bin/kindred.js', 'ping', '--help']), /--word/);
  });

  await t.test('in OpenAPI, on its own page, in the index and in the matrix of access', () => {
    assert.match(read('docs/reference/openapi.json'), /"Ping"/);
    assert.match(read('docs/reference/operations/Ping.md'), /Answers with the word/);
    assert.match(read('docs/reference/operations.md'), /\bPing\b/);
    assert.match(read('docs/reference/access.md'), /kindred:Ping/);
  });

  await t.test('an Action of two products is told apart everywhere', () => {
    const data = JSON.parse(read('src/client/data.json')) as Record<string, { version: string }>;
    assert.equal(data.DescribeZones?.version, '2014-05-26');
    assert.equal(data.VpcDescribeZones?.version, '2016-04-28');
    assert.match(read('src/client/types.ts'), /\bVpcDescribeZonesInput\b/);
    assert.match(node(['bin/kindred.js', 'vpc-describe-zones', '--help']), /--region-id/);
    assert.match(read('docs/reference/openapi.json'), /"\/#VpcDescribeZones"/);
    assert.match(read('docs/reference/operations/VpcDescribeZones.md'), /`vpc`, version `2016-/);
    assert.match(read('docs/reference/operations/DescribeZones.md'), /`ecs`, version `2014-/);
    const run = node(['--test', '--test-reporter=tap', 'src/operations/vpc/DescribeZones.test.ts']);
    assert.match(run, /^ok \d+ - VpcDescribeZones: is ecs DescribeZones under its own version$/m);
  });

  await t.test('and nothing but generated files was touched', () => {
    const paths = [...written.matchAll(/^wrote (.+)$/gm)].map(([, path]) => path ?? '');
    assert.ok(paths.length > 0);
    const byHand = paths.filter(
      (path) => !/^(src\/operations\/index\.ts|src\/client\/|docs\/reference\/)/.test(path),
    );
    assert.deepEqual(byHand, []);
  });
});
