// Requests that the Python SDK oss2 (2.19.1) signed, in both versions, in headers and in addresses, with keys
// and parameters of odd letters, and two of ossutil 1.7.19 (Go's SDK 3.0.2), which in version 4 signs the text
// of the header Date: each verifies, and none does once a letter of it is another.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readOssCredentials } from '../../src/wire/oss-credentials.ts';
import { MalformedOssRequest, readOssRequest } from '../../src/wire/oss-request.ts';

interface Signed {
  method: string;
  target: string;
  headers: Record<string, string>;
}

const SECRET = 'secret-of-vectors-30-letters--';
const signed = ['oss2-signed.json', 'oss-go-signed.json'].flatMap(
  (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Signed[],
);

const verifies = ({ method, target, headers }: Signed): boolean => {
  const raw = Object.entries(headers).flatMap(([name, value]) => [
    name,
    Buffer.from(value).toString('latin1'),
  ]);
  try {
    const claim = readOssCredentials(readOssRequest(method, target, ['Host', '127.0.0.1', ...raw]));
    return claim !== undefined && claim.expectedSignature(SECRET) === claim.signature;
  } catch (error) {
    if (error instanceof MalformedOssRequest) return false;
    throw error;
  }
};

test('what the SDKs sign verifies', () => {
  assert.equal(signed.length, 62);
  for (const one of signed) assert.ok(verifies(one), JSON.stringify(one));
});

test('another method, key, signed header or secret does not', () => {
  for (const one of signed) {
    assert.equal(verifies({ ...one, method: 'PATCH' }), false);
    const [path = '', query = ''] = one.target.split('?');
    const moved = { ...one, target: `${path}x${query && `?${query}`}` };
    assert.equal(verifies(moved), false, moved.target);
    const elsewhere = { ...one, target: one.target.replace('/vector-bucket/', '/other-bucket/') };
    assert.equal(verifies(elsewhere), false, elsewhere.target);
    const more = { ...one, headers: { ...one.headers, 'x-oss-meta-z': '1' } };
    assert.equal(verifies(more), false, JSON.stringify(more));
  }
});

test('a time of another day, or none, signs nothing in version 4', () => {
  const [put] = signed.slice(-2);
  for (const Date of ['Wed, 25 Nov 2026 19:57:40 GMT', '20261124T195740Z', 'today', ''])
    assert.equal(verifies({ ...put!, headers: { ...put!.headers, Date } }), false, Date);
});

test('a parameter or a header that is there twice is refused', () => {
  const twice = ['Host', 'a', 'X-Oss-Date', '1', 'x-oss-date', '2'];
  assert.throws(() => readOssRequest('GET', '/b/k', twice), MalformedOssRequest);
  assert.throws(() => readOssRequest('GET', '/b/k?acl&acl', []), MalformedOssRequest);
  assert.throws(() => readOssRequest('GET', '/b/%ff', []), MalformedOssRequest);
});

test('the bucket stands in the path, or before the name of an endpoint', () => {
  const read = (target: string, host: string) => {
    const { bucket, key } = readOssRequest('GET', target, ['Host', host]);
    return [bucket, key];
  };
  assert.deepEqual(read('/b/k/l', '127.0.0.1:5260'), ['b', 'k/l']);
  assert.deepEqual(read('/k/l', 'b.oss-cn-hangzhou.aliyuncs.com'), ['b', 'k/l']);
  assert.deepEqual(read('http://b.oss-cn-hangzhou.aliyuncs.com/k', '127.0.0.1'), ['b', 'k']);
  assert.deepEqual(read('/', 'oss-cn-hangzhou.aliyuncs.com'), ['', '']);
  assert.deepEqual(read('/k', 'b.localhost:5260'), ['b', 'k']);
});
