import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { percentEncode } from './encode.ts';
import { parseEnvelope, type MethodV1 } from './envelope.ts';
import { parseParameters } from './params.ts';
import { signV1, stringToSignV1 } from './signature-v1.ts';
import { verifySignature } from './signature.ts';
import { fails, form, pairsOf, requestOf, seed, verify } from './test-requests.ts';

const sign = (
  values: Record<string, string>,
  secret: string,
  method = 'GET',
  algorithm: MethodV1 = 'HMAC-SHA1',
) => signV1(stringToSignV1(method, pairsOf(values)), secret, algorithm);

const regions = {
  AccessKeyId: 'testid',
  Action: 'DescribeRegions',
  Format: 'XML',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
  SignatureVersion: '1.0',
  Version: '2014-05-26',
};
const time = '2016-02-23T12:46:24Z';

test('the published vectors', () => {
  const newer = sign({ ...regions, Timestamp: time }, 'testsecret');
  assert.equal(newer, 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
  const older = sign({ ...regions, TimeStamp: time }, 'testsecret');
  assert.equal(older, 'CT9X0VtwR86fNWSnsc6v8YGOjuE=');
  const go = {
    AccessKeyId: 'accessKeyId',
    Action: '',
    Format: 'JSON',
    RegionId: 'regionId',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: 'MOCK_UUID',
    SignatureType: '',
    SignatureVersion: '1.0',
    Timestamp: 'mock date',
    Version: '',
  };
  assert.equal(sign(go, 'accessKeySecret'), '7loPmFjvDnzOVnQeQNj85S6nFGY=');
  const withToken = { ...go, SecurityToken: 'accessKeyStsToken' };
  assert.equal(sign(withToken, 'accessKeySecret'), '5Nxdcler+ihqWqv0Hr2On4PsBf4=');
  assert.equal(sign({ test: 'ok' }, 'accessKeySecret', ''), 'jHx/oHoHNrbVfhncHEvPdHXZwHU=');
});

test('the published strings to sign', () => {
  assert.equal(stringToSignV1('GET', []), 'GET&%2F&');
  assert.equal(
    stringToSignV1('GET', pairsOf({ q: 'http://domain/?q=value&q2=value2', key: 'value' })),
    'GET&%2F&key%3Dvalue%26q%3Dhttp%253A%252F%252Fdomain%252F%253Fq%253Dvalue%2526q2%253Dvalue2',
  );
  const order = ['Tag.2.Key', 'Tag.10.Key', 'Tag.1.Key', 'a', 'Z', 'Signature'];
  assert.equal(
    stringToSignV1(
      'POST',
      order.map((name) => ({ name, value: '' })),
    ),
    'POST&%2F&Tag.1.Key%3D%26Tag.10.Key%3D%26Tag.2.Key%3D%26Z%3D%26a%3D',
  );
});

const captured =
  'AccessKeyId=testid&Action=DescribeImageFromFamily&Format=JSON' +
  '&ImageFamily=hangzhou-daily-update&RegionId=cn-hangzhou&SignatureMethod=HMAC-SHA1' +
  '&SignatureNonce=e04ddc53e145b9aba2a6770abc515b0a&SignatureVersion=1.0' +
  '&Timestamp=2026-11-24T01%3A57%3A45Z&Version=2014-05-26';
const capturedSignature = 'CG/Dv6grevIv8BVw1ZnfMflJuv8=';
const get = (signature: string) =>
  requestOf(`GET /?${captured}&Signature=${encodeURIComponent(signature)}`);

test('a captured GET of pop-core and a captured form POST of the 1.1.0 SDK', () => {
  const envelope = verify(get(capturedSignature));
  assert.deepEqual(
    [...envelope.business],
    [
      ['ImageFamily', 'hangzhou-daily-update'],
      ['RegionId', 'cn-hangzhou'],
    ],
  );
  const system =
    'Action=DescribeImageFromFamily&Format=json&Timestamp=2026-11-24T02%3A10%3A39Z' +
    '&Version=2014-05-26&SignatureNonce=789f058ccfee3cce8eb45d1edc1d497d' +
    '&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=testid' +
    '&Signature=or8pKjJcMCc6GLWV5f%2B2nHl5Vc0%3D';
  const fields = 'RegionId=cn-hangzhou&ImageFamily=hangzhou-daily-update';
  verify(requestOf(`POST /?${system}`, form, fields));
  verify(requestOf(`POST /?${system}&${fields}`));
  verify(requestOf('POST /', form, `${fields}&${system}`));
});

test('HMAC-SHA256 with version 1.0', () => {
  const values = { ...regions, Timestamp: time, SignatureMethod: 'HMAC-SHA256' };
  const Signature = sign(values, 'testsecret', 'POST', 'HMAC-SHA256');
  verify(requestOf('POST /', form, new URLSearchParams({ ...values, Signature }).toString()));
});

test('only the canonical spelling of a signature is accepted', () => {
  const spellings = [
    capturedSignature.slice(0, -1),
    `${capturedSignature}=`,
    `${capturedSignature}\n`,
    capturedSignature.replace('Iv8B', 'Iv\n8B'),
    capturedSignature.replaceAll('/', '_'),
    capturedSignature.replace('v8=', 'v9='),
    capturedSignature.toLowerCase(),
    'x',
    'é',
    'A'.repeat(100_000),
  ];
  for (const spelling of spellings) fails(() => verify(get(spelling)), 'SignatureDoesNotMatch');
});

test('a mismatch ends with the string to sign and nothing after it', () => {
  const error = fails(() => verify(get(capturedSignature), 'other'), 'SignatureDoesNotMatch');
  const [head, tail] = error.message.split('server string to sign is:');
  assert.equal(head, 'Specified signature is not matched with our calculation. ');
  assert.equal(tail, stringToSignV1('GET', parseParameters(get('')).list));
  assert.equal(error.status, 400);
  assert.doesNotMatch(error.message, /testsecret|other$|[^\x20-\x7e]/);
  const huge = `${captured}&Signature=x&Description=${'%3C'.repeat(100_000)}`;
  const long = fails(() => verify(requestOf('POST /', form, huge)), 'SignatureDoesNotMatch');
  assert.ok(long.message.length < 70_000);
});

test('an empty secret or key id never authenticates', () => {
  const values = { ...regions, Timestamp: time };
  const target = (more: Record<string, string>) => {
    const all = { ...values, ...more };
    return requestOf(`GET /?${new URLSearchParams({ ...all, Signature: sign(all, '') })}`);
  };
  fails(() => verify(target({}), ''), 'SignatureDoesNotMatch');
  fails(() => verify(target({ AccessKeyId: '' }), ''), 'MissingAccessKeyId');
  const request = target({});
  const parameters = parseParameters(request);
  const envelope = { ...parseEnvelope(request, parameters), accessKeyId: '' };
  fails(() => verifySignature(request, parameters, envelope, ''), 'SignatureDoesNotMatch');
});

test('property: encoding in one pass is encoding twice; a changed value is noticed', () => {
  const values = fc.dictionary(
    fc.stringMatching(/^[A-Z][A-Za-z0-9.#]{0,9}$/),
    fc.string({ unit: 'grapheme' }),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(values, (sent) => {
      const names = Object.keys(sent)
        .filter((name) => name !== 'Signature')
        .sort();
      const joined = names
        .map((name) => `${percentEncode(name)}=${percentEncode(sent[name] ?? '')}`)
        .join('&');
      const text = stringToSignV1('GET', pairsOf(sent));
      assert.equal(text, `GET&%2F&${percentEncode(joined)}`);
      const [name = 'A'] = names;
      const changed = stringToSignV1('GET', pairsOf({ ...sent, [name]: `${sent[name]}x` }));
      assert.notEqual(changed, text);
    }),
    { seed },
  );
});
