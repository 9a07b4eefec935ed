import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseS3Address } from './settings.ts';

test('an address names a bucket, a prefix and a server', () => {
  assert.deepEqual(
    parseS3Address('s3://bytes/of/kindred?endpoint=http://127.0.0.1:8333&region=r'),
    {
      bucket: 'bytes',
      prefix: 'of/kindred/',
      endpoint: 'http://127.0.0.1:8333',
      region: 'r',
      forcePathStyle: true,
    },
  );
  assert.deepEqual(parseS3Address('s3://bytes', 'eu-central-1'), {
    bucket: 'bytes',
    prefix: '',
    region: 'eu-central-1',
    forcePathStyle: false,
  });
});

test('an address that means nothing, or holds a secret, is refused with a sentence', () => {
  const refusals: Readonly<Record<string, RegExp>> = {
    'gs://bytes': /must read s3:/,
    's3://key:secret@bytes': /credentials do not belong/,
    's3://bytes?endpont=http://x': /unknown part endpont/,
    's3://B': /no name of a bucket/,
    's3://bytes/a//b': /the prefix takes/,
    's3://bytes/%2e%2e/b%20c': /the prefix takes/,
    's3://bytes?endpoint=127.0.0.1:80': /endpoint must be/,
    's3://bytes?endpoint=http://a:b@c': /endpoint must be/,
    's3://bytes?forcePathStyle=yes': /forcePathStyle must be/,
  };
  for (const [address, reason] of Object.entries(refusals)) {
    const found = parseS3Address(address);
    assert.ok(typeof found === 'string', address);
    assert.match(found, reason);
    assert.doesNotMatch(found, /secret/);
  }
});
