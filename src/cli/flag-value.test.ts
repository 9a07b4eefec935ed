import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShapeData } from '../client/operation-data.ts';
import { kebab } from './flag-names.ts';
import { inputValue } from './flag-value.ts';

const tag: ShapeData = {
  type: 'struct',
  fields: [
    { name: 'Key', type: 'string', required: true },
    { name: 'Value', type: 'string' },
    { name: 'Size', type: 'integer' },
  ],
};

const refusal = (given: string, shape: ShapeData): string => {
  try {
    inputValue(given, shape, '--tag');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

test('flags are the wire names in kebab case', () => {
  const names = ['RegionId', 'OSType', 'OSSBucket', 'IsSupportIoOptimized', 'KMSKeyId', 'Tag'];
  assert.deepEqual(names.map(kebab), [
    'region-id',
    'os-type',
    'oss-bucket',
    'is-support-io-optimized',
    'kms-key-id',
    'tag',
  ]);
});

test('a struct is written name=value; a comma separates only where a name and = follow', () => {
  assert.deepEqual(inputValue('Key=env,Value=prod', tag, '--tag'), { Key: 'env', Value: 'prod' });
  assert.deepEqual(inputValue('Key=a,Value=x,y', tag, '--tag'), { Key: 'a', Value: 'x,y' });
  assert.deepEqual(inputValue('key=a,SIZE=5', tag, '--tag'), { Key: 'a', Size: 5 });
  assert.deepEqual(inputValue('Key=,Value=a=b', tag, '--tag'), { Key: '', Value: 'a=b' });
});

test('JSON says what commas cannot', () => {
  const text = '{"Key":"a","Value":"c,d=e","Size":7}';
  assert.deepEqual(inputValue(text, tag, '--tag'), { Key: 'a', Value: 'c,d=e', Size: 7 });
});

test('a mistake is answered with one sentence', () => {
  assert.equal(refusal('Kay=a', tag), '--tag has no member Kay. Did you mean Key?');
  assert.equal(
    refusal('Key=a,Colour=red', tag),
    '--tag has no member Colour. It takes Key=…,Value=…,Size=….',
  );
  assert.equal(refusal('Value=a', tag), '--tag needs Key.');
  assert.equal(refusal('env', tag), '--tag takes Key=…,Value=…,Size=…, not env.');
  assert.equal(refusal('Key=a,Size=x', tag), '--tag Size takes a whole number, not x.');
  assert.match(refusal('{"Key"', tag), /^--tag is not JSON: /);
  assert.equal(
    refusal('x86', { type: 'string', enum: ['i386', 'x86_64'] }),
    '--tag takes i386, x86_64; not x86. Did you mean x86_64?',
  );
});
