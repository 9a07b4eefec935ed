import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureIo } from '../captured-io.ts';
import { runCommand } from '../main.ts';
import { readRunFlags } from './flags.ts';

test('own flags, settings of serve and the command are told apart', () => {
  const flags = readRunFlags(
    '--offline --buckets ./b --allow Mirror.Lab. --quota=images=2 --allow=x.lab --strict -- a --keep -- b'.split(
      ' ',
    ),
  );
  assert.deepEqual(flags, {
    keep: false,
    offline: true,
    strict: true,
    allow: ['mirror.lab', 'x.lab'],
    settings: ['--buckets', './b', '--quota=images=2'],
    command: ['a', '--keep', '--', 'b'],
  });
});

test('wrong usage is told in one sentence', () => {
  for (const [words, says] of [
    ['npm test', /comes after --/],
    ['--offline --', /comes after --/],
    ['--data -- true', /--data needs a value/],
    ['--listen 127.0.0.1:0 -- true', /--listen is no setting of a run/],
    ['--tls-key=x -- true', /--tls-key is no setting/],
    ['--allow https://x -- true', /no host name/],
    ['--allow x:80 -- true', /no host name/],
    ['--endpoint http://x --data d -- true', /--data would do nothing/],
    ['--endpoint http://x --buckets b -- true', /--buckets would do nothing/],
    ['--profile p -- true', /--profile goes with --endpoint/],
    ['--keep --data d -- true', /--keep is for/],
    ['--seed - -- true', /--seed needs a file/],
  ] as const)
    assert.throws(
      () => readRunFlags(words.split(' ')),
      { name: 'UsageError', message: says },
      words,
    );
});

test('--help is the command’s after --, and ours before', async () => {
  const io = captureIo();
  assert.equal(await runCommand(['run', '--help'], io), 0);
  assert.match(io.stdout, /--strict/);
  const other = captureIo();
  assert.equal(await runCommand(['run', '--nonsense', '--', 'true', '--help'], other), 2);
  assert.equal(other.stdout, '');
  assert.match(other.stderr, /--nonsense/);
});

test('an endpoint has to be a Kindred, and may not be the cloud', async () => {
  const refused = async (endpoint: string): Promise<string> => {
    const io = captureIo({ environment: { ALIBABA_CLOUD_ENDPOINT: endpoint } });
    assert.equal(await runCommand(['run', '--', 'true'], io), 2);
    return io.stderr;
  };
  assert.match(await refused('https://ecs.cn-hangzhou.aliyuncs.com'), /is the cloud/);
  assert.match(
    await refused('http://127.0.0.1:1'),
    /no Kindred answers at http:\/\/127\.0\.0\.1:1/,
  );
});
