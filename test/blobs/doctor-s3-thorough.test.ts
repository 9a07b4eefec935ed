// `kindred doctor` over real S3: a place that is well, one without a bucket, one with a wrong key, one away.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { checkStorage } from '../../src/cli/doctor-storage.ts';
import { BUCKET, s3Skip, S3_ENV, startS3Server } from './s3-server.ts';

const look = async (address: string) => {
  const [finding, ...more] = await checkStorage('/nonexistent/kindred', { KINDRED_BLOBS: address });
  assert.deepEqual(more, []);
  return { level: finding?.level, said: `${finding?.text}: ${finding?.advice ?? ''}` };
};

test('the doctor says what is wrong with a place in S3', { skip: s3Skip }, async (t) => {
  const server = await startS3Server();
  t.after(() => server.close());
  const { endpoint, bucketDir } = server;
  const of = (bucket: string) => `s3://${bucket}/doctor?endpoint=${endpoint}`;

  const well = await look(of(BUCKET));
  assert.equal(well.level, 'ok', well.said);
  const left = readdirSync(bucketDir, { recursive: true }).filter((name) =>
    String(name).includes('kindred-doctor-'),
  );
  assert.deepEqual(left, [], 'nothing is left behind');

  const missing = await look(of('no-such-bucket'));
  assert.equal(missing.level, 'fail');
  assert.match(missing.said, /list failed \(NoSuchBucket.*the bucket must be there/);

  process.env.AWS_SECRET_ACCESS_KEY = 'another-secret';
  t.after(() => void Object.assign(process.env, S3_ENV));
  const wrong = await look(of(BUCKET));
  assert.equal(wrong.level, 'fail');
  assert.match(wrong.said, /SignatureDoesNotMatch/);
  assert.ok(!wrong.said.includes('another-secret'));
  Object.assign(process.env, S3_ENV);

  await server.stop();
  const away = await look(of(BUCKET));
  assert.equal(away.level, 'fail');
  assert.match(away.said, /reach failed .*look at the endpoint/);
});

test('everything in files: the doctor has nothing to say of S3', async () => {
  assert.deepEqual(await checkStorage('/nonexistent/kindred', {}), []);
});
