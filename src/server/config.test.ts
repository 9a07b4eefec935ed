import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readServeConfig } from './config.ts';
import { StartRefused } from './refusal.ts';

test('--pipeline-hold takes whole seconds up to a day', () => {
  const holdOf = (...argv: string[]) => readServeConfig(argv, {}).pipelineHoldMs;
  assert.equal(holdOf(), 0);
  assert.equal(holdOf('--pipeline-hold', '60'), 60_000);
  assert.equal(readServeConfig([], { KINDRED_PIPELINE_HOLD: '5' }).pipelineHoldMs, 5_000);
  for (const value of ['1.5', '-1', '86401', 'long'])
    assert.throws(() => holdOf(`--pipeline-hold=${value}`), StartRefused);
});

test('buckets lie in a folder or in S3, apart from the bytes there', () => {
  assert.equal(readServeConfig(['--buckets', 'here'], {}).buckets, 'here');
  const { buckets } = readServeConfig(['--buckets', 's3://abc/p?endpoint=http://127.0.0.1:1'], {});
  assert.ok(typeof buckets === 'object');
  assert.deepEqual([buckets.bucket, buckets.prefix], ['abc', 'p/']);
  const refused = (...argv: string[]) => assert.throws(() => readServeConfig(argv, {}), /overlap/);
  refused('--buckets', 's3://abc/p', '--blobs', 's3://abc/p');
  refused('--buckets', 's3://abc', '--blobs', 's3://abc/p');
  refused('--buckets', 's3://abc/p', '--region-blobs', 'cn-hangzhou=s3://abc/p/q');
  readServeConfig(['--buckets', 's3://abc/p', '--blobs', 's3://abc/pq'], {});
  assert.throws(
    () => readServeConfig(['--buckets', 's3://abc?x=1'], {}),
    /--buckets: .*unknown part x/,
  );
});

test('--export-format is kept, or raw.tar.gz', () => {
  const formatOf = (...argv: string[]) => readServeConfig(argv, {}).exportFormat;
  assert.equal(formatOf(), 'kept');
  assert.equal(formatOf('--export-format', 'raw.tar.gz'), 'raw.tar.gz');
  assert.throws(() => formatOf('--export-format', 'tar'), StartRefused);
});
