// The GitHub action, run as a runner runs it: the steps of action.yml with the inputs' values in their
// environment, files in place of GITHUB_ENV and GITHUB_OUTPUT, and then a step after it that uses what they say.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { parse } from 'yaml';
import { filesOf, ROOT, textOf } from '../repo/tree.ts';
import { makeFolder } from './one-file.ts';

interface Step {
  run?: string;
  shell?: string;
  uses?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

interface Workflow {
  jobs: Record<
    string,
    { services?: Record<string, { env: Record<string, string> }>; steps: Step[] }
  >;
}

const action = parse(textOf('action.yml')) as Action;
const DEADLINE_MS = 300_000;

/** `${{ inputs.name }}` → its value; anything else in such brackets is not known here. */
const filled = (text: string, given: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const name = expression.replace('inputs.', '');
    assert.ok(expression.startsWith('inputs.') && action.inputs[name], expression);
    return given[name] ?? action.inputs[name]?.default ?? '';
  });

/** `name=value` lines. */
const readPairs = (path: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

interface Ran {
  status: number | null;
  told: string;
  /** What it wrote; nothing when it failed. */
  env: Record<string, string>;
  outputs: Record<string, string>;
  folder: string;
}

/** Runs the action's steps out of a checkout of it. */
const runAction = (
  t: TestContext,
  given: Readonly<Record<string, string>> = {},
  checkout: string = ROOT,
): Ran => {
  const folder = makeFolder(t);
  const files = { GITHUB_ENV: join(folder, 'env'), GITHUB_OUTPUT: join(folder, 'output') };
  for (const path of Object.values(files)) writeFileSync(path, '');
  let told = '';
  for (const { run = '', shell, env = {} } of action.runs.steps) {
    assert.equal(shell, 'bash');
    // No value gets into the text of a command.
    assert.ok(!run.includes('${{'), run);
    const values = Object.entries(env).map(([name, text]) => [name, filled(text, given)]);
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', run], {
      cwd: folder,
      env: {
        // Where npm finds packages may stand in there.
        ...process.env,
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        RUNNER_TEMP: folder,
        GITHUB_ACTION_PATH: checkout,
        ...files,
        ...(Object.fromEntries(values) as Record<string, string>),
      },
      encoding: 'utf8',
      timeout: DEADLINE_MS,
    });
    told += stdout + stderr;
    if (status !== 0) return { status, told, env: {}, outputs: {}, folder };
  }
  const env = readPairs(files.GITHUB_ENV);
  const outputs = readPairs(files.GITHUB_OUTPUT);
  t.after(() => {
    if (isAlive(Number(outputs.pid))) process.kill(Number(outputs.pid), 'SIGKILL');
  });
  return { status: 0, told, env, outputs, folder };
};

/** A step after it: the program, with the variables that the action has set. */
const nextStep = (env: Record<string, string>, folder: string, ...words: string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'bin/kindred.js'), ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    encoding: 'utf8',
  });

const ended = async (pid: number): Promise<boolean> => {
  const endMs = performance.now() + 10_000;
  while (isAlive(pid) && performance.now() < endMs) await pause(50);
  return !isAlive(pid);
};

test('the next steps find server and key, and the server outlives the step until it is stopped', async (t) => {
  const { status, told, env, outputs, folder } = runAction(t, {
    args: '--quota imagesPerFamily=2',
  });
  assert.equal(status, 0, told);
  assert.deepEqual(Object.keys(outputs).toSorted(), Object.keys(action.outputs).toSorted());
  for (const [name, { value }] of Object.entries(action.outputs))
    assert.equal(value, `\${{ steps.start.outputs.${name} }}`);
  assert.match(told, new RegExp(`^::add-mask::${outputs['access-key-secret']}$`, 'm'));
  assert.equal(outputs.endpoint, `http://${outputs.host}`);
  const answer = nextStep(env, folder, 'describe-image-from-family', '--image-family', 'web');
  assert.deepEqual((JSON.parse(answer) as { Image: object }).Image, {});
  const pid = Number(env.KINDRED_PID);
  assert.equal(pid, Number(outputs.pid));
  process.kill(pid, 'SIGTERM');
  assert.ok(await ended(pid), 'it did not stop');
});

test('a key, a folder and a region of its own are taken', (t) => {
  const data = join(makeFolder(t), 'data');
  const { told, env, outputs, folder } = runAction(t, {
    data,
    'access-key-id': 'own-key',
    'access-key-secret': 'own-secret',
    'region-id': 'cn-beijing',
  });
  assert.equal(outputs['access-key-id'], 'own-key', told);
  assert.equal(env.ALIBABA_CLOUD_REGION_ID, 'cn-beijing');
  assert.match(nextStep(env, folder, 'doctor', '--data', data), /^ok +the key own-key/m);
});

test('a seed file is applied before the step ends, and a bad one fails it', (t) => {
  const seed = join(makeFolder(t), 'seed.json');
  writeFileSync(seed, '{"Images":[{"ImageName":"web-1","ImageFamily":"web"}]}');
  const { told, env, folder, status } = runAction(t, { seed });
  assert.equal(status, 0, told);
  const found = nextStep(env, folder, 'describe-image-from-family', '--image-family', 'web');
  assert.match(found, /"ImageName": "web-1"/);
  writeFileSync(seed, '{"Images":[{"ImageFamily":"web"}]}');
  const bad = runAction(t, { seed });
  assert.equal(bad.status, 1);
  assert.match(bad.told, /^::error title=Kindred::the seed file .* could not be applied$/m);
});

test('a server that does not start fails the step, and its log is shown', (t) => {
  const { status, told } = runAction(t, { args: '--nonsense' });
  assert.equal(status, 1);
  assert.match(told, /Unknown option '--nonsense'/);
  assert.match(told, /^::error title=Kindred::it ended before it was ready/m);
  const absent = runAction(t, { program: '/nowhere/kindred' });
  assert.match(absent.told, /^::error title=Kindred::there is no program \/nowhere\/kindred$/m);
  const torn = runAction(t, { 'region-id': 'cn-hangzhou\nPATH=/evil' });
  assert.match(torn.told, /^::error title=Kindred::an input has a line break$/m);
});

test('a checkout without packages gets those of the run time, and no others', (t) => {
  const checkout = join(makeFolder(t), 'checkout');
  mkdirSync(checkout);
  for (const path of ['action.yml', 'bin', 'src', 'tools', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, path), join(checkout, path), { recursive: true });
  const { status, told, env, folder } = runAction(t, {}, checkout);
  assert.equal(status, 0, told);
  assert.match(nextStep(env, folder, 'doctor'), /^ok +the server at/m);
  assert.throws(() => readFileSync(join(checkout, 'node_modules/esbuild/package.json')));
});

test('the examples are workflows, and name only what there is', () => {
  const examples = filesOf('docs/examples/*.yml');
  assert.ok(examples.length > 1);
  for (const path of examples)
    for (const { services = {}, steps } of Object.values((parse(textOf(path)) as Workflow).jobs)) {
      for (const step of steps) {
        assert.ok(step.uses !== undefined || step.run !== undefined, path);
        if (step.uses === './.kindred')
          for (const name of Object.keys(step.with ?? {})) assert.ok(action.inputs[name], name);
      }
      for (const { env } of Object.values(services))
        assert.equal(env.KINDRED_INSECURE_HTTP, 'true');
    }
});
