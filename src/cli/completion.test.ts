import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

const script = async (shell: string): Promise<string> => {
  const io = captureIo();
  assert.equal(await runCommand(['completion', shell], io), 0);
  return io.stdout;
};

const checkSyntax = (t: TestContext, shell: string, text: string): void => {
  const { error, status, stderr } = spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    return t.skip(`${shell} is not installed`);
  assert.equal(status, 0, stderr);
};

test('the bash script is one, and completes commands, flags and values', async (t) => {
  const text = await script('bash');
  checkSyntax(t, 'bash', text);
  const complete = (...words: string[]): string[] => {
    const list = words.map((word) => `'${word}'`).join(' ');
    const ask = `${text}\nCOMP_WORDS=(${list}) COMP_CWORD=${words.length - 1}\n_kindred\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', { input: ask, encoding: 'utf8' });
    return stdout.split('\n').filter(Boolean);
  };
  assert.deepEqual(complete('kindred', 'describe-image-from'), ['describe-image-from-family']);
  assert.deepEqual(complete('kindred', 'delete-image', '--image'), ['--image-id']);
  assert.deepEqual(complete('kindred', 'describe-images', '--output', 't'), ['table', 'text']);
  assert.deepEqual(complete('kindred', 'import-image', '--os-type', ''), ['windows', 'linux']);
  assert.deepEqual(complete('kindred', 'keys', 'dis'), ['disable']);
  assert.deepEqual(complete('kindred', 'serve', '--ephem'), ['--ephemeral']);
  assert.deepEqual(complete('kindred', 'completion', ''), ['bash', 'zsh', 'fish']);
});

test('the zsh script names every command', async () => {
  const text = await script('zsh');
  assert.match(text, /^#compdef kindred\n/);
  assert.match(text, /'describe-images:Lists the images/);
});

test('the fish script names every command', async () => {
  const text = await script('fish');
  assert.match(text, /-f -a describe-images -d 'Lists the images/);
  assert.match(text, /-l os-type -x -a 'windows linux'/);
  assert.equal(
    text.split('\n').filter((line) => line && !/^(#|complete -c kindred )/.test(line)).length,
    0,
  );
});

test('another shell is wrong usage', async () => {
  const io = captureIo();
  assert.equal(await runCommand(['completion', 'tcsh'], io), 2);
  assert.match(io.stderr, /bash, zsh, fish/);
});
