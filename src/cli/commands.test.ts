import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { operations } from '../client/data.ts';
import { ALIASES } from './alias-command.ts';
import { captureIo } from './captured-io.ts';
import { OWN_COMMANDS } from './commands.ts';
import { kebab } from './flag-names.ts';
import { runCommand } from './main.ts';

const run = async (...argv: string[]) => {
  const io = captureIo();
  const exitCode = await runCommand(argv, io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

test('the overview says of a command what its module says', async () => {
  for (const [name, { summary, load }] of Object.entries(OWN_COMMANDS))
    assert.equal((await load()).summary, summary, name);
});

test('every short name stands for an operation, and its word for a required parameter', () => {
  for (const { verbs } of Object.values(ALIASES))
    for (const verb of Object.values(verbs)) {
      const operation = operations[verb.action];
      assert.ok(operation, verb.action);
      if ('word' in verb)
        assert.equal(operation.input.find(({ required }) => required)?.type, 'string');
    }
});

test('help lists every command once', async () => {
  const { exitCode, stdout } = await run('help');
  assert.equal(exitCode, 0);
  const names = [...Object.keys(OWN_COMMANDS), ...Object.keys(operations).map(kebab)];
  for (const name of new Set(names))
    assert.equal(stdout.match(new RegExp(`^  ${name}(?=\\s)`, 'gm'))?.length, 1, name);
  assert.equal((await run('--help')).stdout, stdout);
});

test('no command at all is wrong usage, and shows what there is', async () => {
  const { exitCode, stdout, stderr } = await run();
  assert.deepEqual([exitCode, stdout], [2, '']);
  assert.match(stderr, /^kindred <command>/);
});

test('help of a command, both ways', async () => {
  const asked = await run('help', 'describe-images');
  assert.equal(asked.exitCode, 0);
  assert.match(asked.stdout, /^kindred describe-images: /);
  assert.deepEqual(await run('describe-images', '--help'), asked);
  const verb = await run('keys', 'create', '--help');
  assert.match(verb.stdout, /^kindred create-access-key: /);
  assert.deepEqual(await run('help', 'keys', 'create'), verb);
});

test('every own command explains itself', async () => {
  for (const name of Object.keys(OWN_COMMANDS).filter(
    (own) => own !== 'demo' && own !== 'version',
  )) {
    const { exitCode, stdout } = await run(name, '--help');
    assert.equal(exitCode, 0, name);
    assert.match(stdout, /^kindred /, name);
  }
});

test('an unknown command suggests the nearest', async () => {
  assert.deepEqual(await run('describe-imges'), {
    exitCode: 2,
    stdout: '',
    stderr:
      'kindred: there is no command describe-imges. Did you mean describe-images? kindred help lists all commands.\n',
  });
  assert.match((await run('DescribeImages')).stderr, /Did you mean describe-images\?/);
  assert.match(
    (await run('keys', 'disabel', 'x')).stderr,
    /has no disabel\. Did you mean disable\?/,
  );
  assert.match((await run('keys', 'disable')).stderr, /needs ID: kindred keys disable ID/);
});

test('without a key a command says where one could come from', async () => {
  const { exitCode, stderr } = await run('accounts', '--endpoint', 'http://127.0.0.1:9');
  assert.equal(exitCode, 2);
  assert.match(stderr, /ALIBABA_CLOUD_ACCESS_KEY_ID.*--profile.*--data/);
});

test('a server loads neither the data of the operations nor the client', async () => {
  const { metafile } = await build({
    entryPoints: ['src/cli/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: 'unused',
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of metafile.inputs[path]?.imports ?? [])
      if (kind === 'import-statement') load(next);
  };
  load('src/cli/main.ts');
  load('src/cli/serve.ts');
  assert.ok(loaded.has('src/server/pipeline.ts'));
  assert.deepEqual(
    [...loaded].filter((path) => path.startsWith('src/client/')),
    [],
  );
});
