import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '../errors.ts';
import { formatOf, negotiateFormat, parseCall, parseEnvelope } from './envelope.ts';
import { parseParameters } from './params.ts';
import type { WireRequest } from './request.ts';
import { fails, form, requestOf } from './test-requests.ts';

const complete = {
  AccessKeyId: 'testid',
  Action: 'DescribeImageFromFamily',
  Version: '2014-05-26',
  Format: 'JSON',
  SignatureMethod: 'HMAC-SHA1',
  SignatureVersion: '1.0',
  SignatureNonce: 'nonce',
  SignatureType: '',
  Signature: 'x',
  Timestamp: '2026-11-24T01:57:45Z',
  RegionId: 'cn-hangzhou',
};
const v3Headers = {
  'x-acs-action': 'DescribeImageFromFamily',
  'x-acs-version': '2014-05-26',
  'x-acs-date': '2026-11-24T01:57:45Z',
  'x-acs-signature-nonce': 'nonce',
  'x-acs-content-sha256': 'hash',
};
const signedHeaders = Object.keys(v3Headers).join(';');
const authorization = `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=${signedHeaders},Signature=x`;

const envelopeOf = (request: WireRequest) => parseEnvelope(request, parseParameters(request));
const v1 = (changes: Record<string, string | undefined> = {}, headers = {}) => {
  const present = Object.entries({ ...complete, ...changes }).flatMap(
    ([name, value]): Array<[string, string]> => (value === undefined ? [] : [[name, value]]),
  );
  return envelopeOf(requestOf(`GET /?${new URLSearchParams(present)}`, headers));
};
const v3 = (changes: Record<string, string> = {}, query = '') =>
  envelopeOf(requestOf(`POST /?${query}`, { ...v3Headers, authorization, ...changes }));

test('a V1 envelope', () => {
  const { business, ...rest } = v1({ SecurityToken: 'sts', SourceIp: '10.0.0.1' });
  assert.deepEqual(rest, {
    scheme: 'v1',
    action: 'DescribeImageFromFamily',
    version: '2014-05-26',
    format: 'JSON',
    accessKeyId: 'testid',
    securityToken: 'sts',
    nonce: 'nonce',
    timestampMs: Date.UTC(2026, 10, 24, 1, 57, 45),
    signatureMethod: 'HMAC-SHA1',
    signature: 'x',
  });
  assert.deepEqual([...business], [['RegionId', 'cn-hangzhou']]);
});

test('each missing system parameter has its own code, action and version first', () => {
  const order: Array<[string, ErrorCode]> = [
    ['Action', 'MissingAction'],
    ['Version', 'MissingVersion'],
    ['AccessKeyId', 'MissingAccessKeyId'],
    ['Signature', 'MissingSignature'],
    ['SignatureMethod', 'MissingSignatureMethod'],
    ['SignatureVersion', 'MissingSignatureVersion'],
    ['SignatureNonce', 'MissingSignatureNonce'],
    ['Timestamp', 'MissingTimestamp'],
  ];
  const nothing: Record<string, undefined> = {};
  for (const [name, code] of order.toReversed()) {
    fails(() => v1({ [name]: undefined }), code);
    fails(() => v1({ [name]: '' }), code);
    nothing[name] = undefined;
    fails(() => v1(nothing), code);
  }
  fails(() => envelopeOf(requestOf('GET /?Action=A&Version=1')), 'MissingAccessKeyId');
  fails(() => envelopeOf(requestOf('GET /')), 'MissingAction');
});

test('algorithms and versions are exact', () => {
  for (const SignatureMethod of ['NONE', 'hmac-sha1', 'HMAC-SHA1 ', 'HMAC-MD5', 'HMAC-SM3']) {
    fails(() => v1({ SignatureMethod }), 'InvalidSignatureMethod');
  }
  for (const SignatureVersion of ['1', '2.0', '1.00']) {
    const { message } = fails(() => v1({ SignatureVersion }), 'IncompleteSignature');
    assert.doesNotMatch(message, /string to sign is:/);
  }
  fails(() => v1({ SignatureMethod: 'SHA256withRSA' }), 'UnsupportedSignature.Rsa');
  fails(() => v1({ SignatureType: 'PRIVATEKEY' }), 'UnsupportedSignature.Rsa');
  fails(() => v1({ SignatureType: 'OTHER' }), 'InvalidParameter');
  assert.equal(v1({ SignatureMethod: 'HMAC-SHA256' }).scheme, 'v1');
});

test('bearer tokens are refused in each of their forms', () => {
  const bearer = { SignatureType: 'BEARERTOKEN', BearerToken: 't', AccessKeyId: '' };
  fails(() => v1(bearer), 'UnsupportedSignature.BearerToken');
  fails(() => v1({ BearerToken: 't' }), 'UnsupportedSignature.BearerToken');
  for (const name of ['x-acs-bearer-token', 'x-acs-zero-trust-idtoken']) {
    const request = requestOf('POST /?SignatureType=BEARERTOKEN', { ...v3Headers, [name]: 't' });
    fails(() => envelopeOf(request), 'UnsupportedSignature.BearerToken');
    assert.equal(formatOf(request), 'JSON');
  }
});

test('two signatures at once are refused', () => {
  for (const header of [authorization, 'Basic dTpw', '']) {
    fails(() => v1({}, { authorization: header }), 'IncompleteSignature');
  }
  fails(() => v3({}, 'SignatureVersion=1.0'), 'IncompleteSignature');
});

test('timestamps are exact and real', () => {
  for (const Timestamp of [
    '2026-11-24T01:57:60Z',
    '2026-11-24T24:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-24T01:57:45',
    '2026-11-24T01:57:45+08:00',
    '2026-11-24T01:57:45.000Z',
    '2026-11-24t01:57:45z',
    ' 2026-11-24T01:57:45Z',
    '2026-11-24T01:57:45Z\n',
    '２０２６-11-24T01:57:45Z',
    'Tue, 24 Nov 2026 01:57:45 GMT',
  ]) {
    fails(() => v1({ Timestamp }), 'InvalidTimeStamp.Format');
  }
  for (const text of ['0000-01-01T00:00:00Z', '0099-03-01T00:00:00Z', '2024-02-29T23:59:59Z']) {
    assert.equal(v1({ Timestamp: text }).timestampMs, Date.parse(text));
  }
  const older = v1({ Timestamp: undefined, TimeStamp: '1970-01-01T00:00:01Z' });
  assert.equal(older.timestampMs, 1000);
  fails(() => v1({ TimeStamp: complete.Timestamp }), 'InvalidParameter');
});

test('a V3 envelope, whatever the order of the parts', () => {
  const envelope = v3({
    authorization: `ACS3-HMAC-SM3 Signature=x, Credential=id, SignedHeaders=${signedHeaders}`,
    accept: 'application/xml',
  });
  assert.ok(envelope.scheme === 'v3');
  assert.equal(envelope.accessKeyId, 'id');
  assert.equal(envelope.format, 'XML');
  assert.equal(envelope.authorization.hash, 'sm3');
  assert.deepEqual(envelope.authorization.signedHeaders, signedHeaders.split(';').sort());
});

test('V3 headers that are missing or malformed', () => {
  const without = (name: string) => v3({ [name]: '' });
  fails(() => without('x-acs-action'), 'MissingAction');
  fails(() => without('x-acs-version'), 'MissingVersion');
  fails(() => without('x-acs-date'), 'MissingTimestamp');
  fails(() => without('x-acs-signature-nonce'), 'MissingSignatureNonce');
  fails(() => v3({ 'x-acs-date': 'Tue, 24 Nov 2026 01:57:45 GMT' }), 'InvalidTimeStamp.Format');
  fails(() => v3({ 'x-acs-signature-nonce': 'n'.repeat(257) }), 'InvalidParameter');
  fails(() => v3({ 'x-acs-accesskey-id': 'other' }), 'IncompleteSignature');
  fails(() => envelopeOf(requestOf('POST /?A=1', v3Headers)), 'MissingAccessKeyId');
});

test('malformed Authorization headers', () => {
  const cases: Array<[string, ErrorCode]> = [
    ['Basic dTpw', 'IncompleteSignature'],
    ['acs id:signature', 'IncompleteSignature'],
    ['ACS3-HMAC-SHA256', 'IncompleteSignature'],
    [authorization.replace(',Signature=x', ''), 'IncompleteSignature'],
    [authorization.replace('Signature=x', 'Signature='), 'IncompleteSignature'],
    [`${authorization},Signature=y`, 'IncompleteSignature'],
    [`${authorization},Extra=y`, 'IncompleteSignature'],
    [authorization.replace('x-acs-date;', ''), 'IncompleteSignature'],
    [authorization.replace('x-acs-date;', 'x-acs-date;x-acs-date;'), 'IncompleteSignature'],
    [authorization.replace('x-acs-date', 'X-Acs-Date'), 'IncompleteSignature'],
    [authorization.replace('Credential=id', 'Credential='), 'MissingAccessKeyId'],
    [authorization.replace('HMAC-SHA256', 'RSA-SHA256'), 'UnsupportedSignature.Rsa'],
    [authorization.replace('HMAC-SHA256', 'HMAC-SHA1'), 'InvalidSignatureMethod'],
    [authorization.replace('HMAC-SHA256', 'hmac-sha256'), 'InvalidSignatureMethod'],
  ];
  for (const [header, code] of cases) fails(() => v3({ authorization: header }), code);
});

test('what Java repeats as parameters must agree with the headers', () => {
  const repeated = 'Action=DescribeImageFromFamily&Version=2014-05-26&Format=XML';
  const envelope = v3({}, `${repeated}&RegionId=r`);
  assert.equal(envelope.format, 'XML');
  assert.deepEqual([...envelope.business], [['RegionId', 'r']]);
  fails(() => v3({}, 'Action=DeleteImage'), 'InvalidParameter');
  fails(() => v3({}, 'Version=2014-05-27'), 'InvalidParameter');
});

test('in V1 the parameters decide, not the headers', () => {
  const call = v1({}, { 'x-acs-action': 'describeImageFromFamily', 'x-acs-version': '1' });
  assert.equal(call.action, 'DescribeImageFromFamily');
  const request = requestOf('GET /?Action=A&Version=1', { 'x-acs-action': 'B' });
  const { scheme, action, format } = parseCall(request, parseParameters(request));
  assert.deepEqual([scheme, action, format], ['v1', 'A', 'XML']);
});

test('format negotiation', () => {
  const negotiate = (Format: string, scheme: 'v1' | 'v3', accept?: string) =>
    negotiateFormat(new Map([['Format', Format]]), scheme, accept);
  for (const text of ['JSON', 'json', 'Json', 'None']) assert.equal(negotiate(text, 'v1'), 'JSON');
  for (const text of ['XML', 'xml', '']) assert.equal(negotiate(text, 'v1'), 'XML');
  assert.equal(negotiate('', 'v3'), 'JSON');
  assert.equal(negotiate('', 'v3', 'text/xml'), 'XML');
  assert.equal(negotiate('json', 'v3', 'text/xml'), 'JSON');
  fails(() => negotiate('yaml', 'v1'), 'InvalidParameter.Format');
});

test('the format of an answer is known even when the request is broken', () => {
  assert.equal(formatOf(requestOf('GET /?Format=json&A=%zz')), 'JSON');
  assert.equal(formatOf(requestOf('GET /?A=%zz')), 'XML');
  assert.equal(formatOf(requestOf('POST /?A=%zz', { authorization })), 'JSON');
  assert.equal(formatOf(requestOf('POST /', form, 'A=%zz&Format=JSON')), 'JSON');
  const yaml = requestOf('GET /?Format=yaml');
  assert.equal(formatOf(yaml, parseParameters(yaml)), 'JSON');
});
