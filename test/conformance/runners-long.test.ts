// One example test in four runners, each as a stranger runs it: node:test and Vitest with `kindred/testing`, and
// pytest (the wheel, 8 workers, 500 tests) and `go test -parallel` with the program. What is asserted is what
// the runners count; that all tests of a run share one server, and that none is left, is looked up in the logs
// and the process table.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';
import { findGoForExample, findPytest, findVitest, skipOrFail } from './programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLES = join(ROOT, 'examples/testing');
/** Of one run. On a quiet machine the slowest takes half a minute; a busy one is given ten times that. */
const RUN_MS = 300_000;
const PYTEST_COUNT = 500;
const COUNT = 50;

interface Ran {
  code: number | null;
  output: string;
}

interface Run {
  args: readonly string[];
  cwd?: string;
  env: Readonly<Record<string, string>>;
}

/** A folder that goes with the test; what is in it then was left. */
const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-runners-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Runs a program to its end, without settings of this run. */
const run = async (
  t: TestContext,
  program: string,
  { args, cwd = ROOT, env }: Run,
): Promise<Ran> => {
  const startedMs = performance.now();
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(KINDRED_|NODE_TEST|NODE_OPTIONS|PYTHON|GOFLAGS)/.test(name),
  );
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  return { code, output };
};

/** The program as a command of its own, which notes its process id at each start. */
const noted = (folder: string): { program: string; starts: () => number[] } => {
  const program = join(folder, 'kindred');
  const starts = join(folder, 'starts');
  writeFileSync(starts, '');
  writeFileSync(
    program,
    `#!/bin/sh\necho $$ >>'${starts}'\nexec '${process.execPath}' '${join(ROOT, 'bin/kindred.js')}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    program,
    starts: () => readFileSync(starts, 'utf8').split('\n').filter(Boolean).map(Number),
  };
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** One start, which is over. */
const assertOneServer = (starts: readonly number[]): void => {
  assert.equal(starts.length, 1);
  assert.ok(!isRunning(starts[0]!), 'the server is left');
};

test('the example test in node:test', { timeout: 2 * RUN_MS }, async (t) => {
  const { code, output } = await run(t, process.execPath, {
    args: ['--test', '--test-reporter', 'tap', join(EXAMPLES, 'node-test/family.test.js')],
    env: { KINDRED_EXAMPLE_COUNT: String(COUNT) },
  });
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`^# pass ${COUNT}$`, 'm'));
  assert.match(output, /^# fail 0$/m);
});

const vitest = findVitest();
const noVitest =
  vitest === undefined &&
  skipOrFail('the example test in Vitest', 'not there: run test/conformance/setup-vitest.sh');

test('the example test in Vitest', { skip: noVitest, timeout: 2 * RUN_MS }, async (t) => {
  const outputFile = join(folderOf(t), 'report.json');
  const options = { root: join(EXAMPLES, 'vitest'), reporter: 'json', outputFile };
  const { code, output } = await run(t, process.execPath, {
    args: [
      vitest!,
      'run',
      '--test-timeout=60000',
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ],
    env: { KINDRED_EXAMPLE_COUNT: String(COUNT) },
  });
  assert.equal(code, 0, output);
  const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, unknown>;
  assert.equal(report.numPassedTests, COUNT, output);
  assert.equal(report.numFailedTests, 0);
});

const python = findPytest();
const noPytest =
  python === undefined &&
  skipOrFail(
    'the wheel and the example test in pytest',
    'not there: run test/conformance/setup-python.sh',
  );

const pip = async (t: TestContext, args: readonly string[]): Promise<void> => {
  const { code, output } = await run(t, python!, {
    args: ['-m', 'pip', ...args, '--quiet', '--no-deps', '--no-index'],
    env: {},
  });
  assert.equal(code, 0, output);
};

/** The path of the one wheel in a folder, as pip builds it. */
const buildWheel = async (t: TestContext, folder: string): Promise<string> => {
  await pip(t, ['wheel', '--wheel-dir', folder, join(ROOT, 'python')]);
  const [name = '', ...more] = readdirSync(folder);
  assert.deepEqual(more, []);
  return join(folder, name);
};

const WITH_WHEEL = 'the wheel and the example test in pytest';

test(WITH_WHEEL, { skip: noPytest, timeout: 2 * RUN_MS }, async (t) => {
  const folder = folderOf(t);
  const wheel = await buildWheel(t, join(folder, 'wheel'));
  const again = await buildWheel(t, join(folder, 'again'));
  assert.ok(readFileSync(wheel).equals(readFileSync(again)), 'other bytes the second time');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal(basename(wheel), `kindred_testing-${version}-py3-none-any.whl`);

  const site = join(folder, 'site');
  await pip(t, ['install', '--target', site, wheel]);
  const kindred = noted(folder);
  const { code, output } = await run(t, python!, {
    args: ['-m', 'pytest', '-n', '8', '-q', '-p', 'no:cacheprovider', join(EXAMPLES, 'pytest')],
    env: {
      PYTHONPATH: site,
      PYTHONDONTWRITEBYTECODE: '1',
      KINDRED_PROGRAM: kindred.program,
      KINDRED_EXAMPLE_COUNT: String(PYTEST_COUNT),
    },
  });
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`^${PYTEST_COUNT} passed`, 'm'));
  t.diagnostic(output.trim().split('\n').at(-1)!);
  assertOneServer(kindred.starts());
});

const go = findGoForExample();
const noGo =
  go === undefined &&
  skipOrFail('the example test in go test', 'not there: run test/conformance/setup-go.sh');

test('the example test in go test', { skip: noGo, timeout: 2 * RUN_MS }, async (t) => {
  const kindred = noted(folderOf(t));
  const { code, output } = await run(t, go!, {
    args: ['test', '-trimpath', '-p', '1', '-count', '1', '-parallel', '8', '-v', './...'],
    cwd: join(EXAMPLES, 'go'),
    env: {
      KINDRED_PROGRAM: kindred.program,
      KINDRED_EXAMPLE_COUNT: String(COUNT),
      // What it needs is there, or it is not to be had.
      GOPROXY: 'off',
    },
  });
  assert.equal(code, 0, output);
  assert.equal(output.match(/^ +--- PASS: TestFamily\//gm)?.length, COUNT);
  assert.ok(!/--- (FAIL|SKIP)/.test(output), output);
  assertOneServer(kindred.starts());
});
