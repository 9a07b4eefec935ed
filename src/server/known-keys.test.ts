import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimedKey, KnownKeys, lineOf } from './known-keys.ts';
import type { WireRequest } from '../wire/request.ts';

const request = (more: Partial<WireRequest>): WireRequest => ({
  method: 'GET',
  target: '/',
  rawHeaders: ['Host', 'localhost'],
  body: new Uint8Array(),
  remoteAddress: '10.0.0.1',
  ...more,
});
const form = (text: string) => request({ method: 'POST', body: Buffer.from(text) });

test('the claimed key is found in the header of V3, the query and the form of V1', () => {
  const v3 = (value: string) => request({ rawHeaders: ['x-a', 'b', 'Authorization', value] });
  for (const [expected, given] of [
    ['LTAI1', v3('ACS3-HMAC-SHA256 Credential=LTAI1,SignedHeaders=host,Signature=00')],
    ['LTAI1', request({ target: '/?AccessKeyId=LTAI1' })],
    ['LTAI1', request({ target: '/?Action=A&AccessKeyId=LTAI1&Version=1' })],
    ['LTAI1', form('AccessKeyId=LTAI1&Action=A')],
    ['LTAI1', form('Action=A&AccessKeyId=LTAI1')],
    [undefined, form(`Action=${'x'.repeat(100_000)}&AccessKeyId=LTAI1`)],
    [undefined, request({ target: `/?AccessKeyId=${'x'.repeat(129)}` })],
    [undefined, request({ target: '/?AccessKeyId=&A=b' })],
    [undefined, request({ target: '/?OwnAccessKeyId=LTAI1' })],
    [undefined, v3('Bearer token')],
    [undefined, form('Action=A')],
    [undefined, request({})],
  ] as const)
    assert.equal(claimedKey(given), expected, given.target.slice(0, 100));
});

test('a key stands for its account from the address that it was used from, for a while', () => {
  let nowMs = 0;
  const known = new KnownKeys({ monotonicMs: () => nowMs }, 2);
  const line = (key: string, remoteAddress = '10.0.0.1') =>
    lineOf(request({ target: `/?AccessKeyId=${key}`, remoteAddress }), known);
  assert.deepEqual(line('LTAI1'), ['strangers', '10.0.0.1']);
  known.note('LTAI1', '10.0.0.1', '100');
  assert.deepEqual(line('LTAI1'), ['100']);
  assert.deepEqual(line('LTAI1', '10.0.0.2'), ['strangers', '10.0.0.2']);
  nowMs += 14 * 60_000;
  known.note('LTAI1', '10.0.0.1', '100');
  nowMs += 14 * 60_000;
  assert.deepEqual(line('LTAI1'), ['100']);
  nowMs += 2 * 60_000;
  assert.deepEqual(line('LTAI1'), ['strangers', '10.0.0.1']);
  for (const key of ['LTAI1', 'LTAI2', 'LTAI3']) known.note(key, '10.0.0.1', '100');
  assert.deepEqual(line('LTAI1'), ['strangers', '10.0.0.1']);
  assert.deepEqual(line('LTAI3'), ['100']);
});

test('strangers of one network of IPv6 are one', () => {
  const known = new KnownKeys({ monotonicMs: () => 0 });
  const line = (remoteAddress: string) => lineOf(request({ remoteAddress }), known)[1];
  assert.equal(line('2001:db8:1:2:3:4:5:6'), line('2001:db8:1:2:ffff:4:5:6'));
  assert.notEqual(line('2001:db8:1:2:3:4:5:6'), line('2001:db8:1:3:3:4:5:6'));
  assert.notEqual(line('::ffff:10.0.0.1'), line('::ffff:10.0.0.2'));
});
