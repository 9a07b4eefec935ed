// Requests that no client sends by itself, signed by the official SDK's own signing functions: the
// signature is true in every one, so whatever refuses them is a rule beyond the signature. The
// last group are oddities that other clients do send and that must pass.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import type { WireRequest } from '../../src/wire/request.ts';
import { encodeBytes } from './mutations.ts';
import { verdict } from './verdict.ts';

type Texts = Readonly<Record<string, string>>;

interface OfficialSigning {
  getAuthorization(
    request: { method: string; pathname: string; query: Texts; headers: Texts },
    algorithm: string,
    payloadHash: string,
    accessKeyId: string,
    secret: string,
  ): string;
  getRPCSignature(parameters: Texts, method: string, secret: string): string;
}

const require = createRequire(import.meta.url);
// The package's declarations hide these two behind a default export of a default export.
const { OpenApiUtil: official } = require('@alicloud/openapi-core') as {
  OpenApiUtil: OfficialSigning;
};

const secret = 'testsecret';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const encode = (text: string) => encodeBytes(Buffer.from(text));
const queryOf = (parameters: Texts) =>
  Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');

const without = (texts: Texts, name: string): Texts =>
  Object.fromEntries(Object.entries(texts).filter(([other]) => other !== name));

const headersV3: Texts = {
  host: '127.0.0.1:5260',
  'x-acs-action': 'DescribeImages',
  'x-acs-version': '2014-05-26',
  'x-acs-date': '2026-11-24T01:56:45Z',
  'x-acs-signature-nonce': '463abc8ca6fdc260f5009f9b0ff2ffd7',
  'x-acs-content-sha256': sha256(''),
};

interface V3 {
  readonly signed?: Texts;
  /** Added after signing. */
  readonly unsigned?: Texts;
  readonly query?: Texts;
  readonly body?: string;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly algorithm?: string;
  readonly rewrite?: (authorization: string) => string;
}

const signV3 = (v3: V3): WireRequest => {
  const { signed = headersV3, unsigned = {}, query = { RegionId: 'cn-hangzhou' }, body = '' } = v3;
  const { accessKeyId = 'testid', algorithm = 'ACS3-HMAC-SHA256', rewrite = (text) => text } = v3;
  const authorization = official.getAuthorization(
    { method: 'POST', pathname: '/', query, headers: signed },
    algorithm,
    sha256(body),
    accessKeyId,
    v3.secret ?? secret,
  );
  const headers = { ...signed, ...unsigned, Authorization: rewrite(authorization) };
  return {
    method: 'POST',
    target: `/?${queryOf(query)}`,
    rawHeaders: Object.entries(headers).flat(),
    body: new Uint8Array(Buffer.from(body)),
  };
};

const parametersV1: Texts = {
  AccessKeyId: 'testid',
  Action: 'DescribeImages',
  Format: 'JSON',
  RegionId: 'cn-hangzhou',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '463abc8ca6fdc260f5009f9b0ff2ffd7',
  SignatureVersion: '1.0',
  Timestamp: '2026-11-24T01:56:45Z',
  Version: '2014-05-26',
};

const signV1 = (parameters: Texts, key = secret): WireRequest => {
  const Signature = official.getRPCSignature(parameters, 'GET', key);
  const target = `/?${queryOf({ ...parameters, Signature })}`;
  return { method: 'GET', target, rawHeaders: [], body: new Uint8Array() };
};

test('the unchanged requests are accepted', () => {
  assert.equal(verdict(signV3({}), secret), 'accepted');
  assert.equal(verdict(signV1(parametersV1), secret), 'accepted');
});

describe('V3, validly signed, is refused', () => {
  for (const name of Object.keys(headersV3)) {
    if (name === 'host') continue;
    test(`with ${name} unsigned or absent`, () => {
      const signed = without(headersV3, name);
      const unsigned = { [name]: headersV3[name] ?? '' };
      assert.equal(verdict(signV3({ signed, unsigned }), secret), 'IncompleteSignature');
      assert.match(verdict(signV3({ signed }), secret), /^Missing|^IncompleteSignature$/);
    });
  }

  test('with a body whose content type is unsigned: it chooses how the body is read', () => {
    const body = 'ImageId=m-1';
    const signed = { ...headersV3, 'x-acs-content-sha256': sha256(body) };
    const unsigned = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal(verdict(signV3({ signed, unsigned, body }), secret), 'IncompleteSignature');
    assert.equal(verdict(signV3({ signed: { ...signed, ...unsigned }, body }), secret), 'accepted');
  });

  test('with an unsigned security token', () => {
    const unsigned = { 'x-acs-security-token': 'token' };
    assert.equal(verdict(signV3({ unsigned }), secret), 'IncompleteSignature');
  });

  test('with a stated body hash that is not true', () => {
    const signed = { ...headersV3, 'x-acs-content-sha256': sha256('another body') };
    assert.equal(verdict(signV3({ signed }), secret), 'SignatureDoesNotMatch');
  });

  test('with two access key ids', () => {
    const signed = { ...headersV3, 'x-acs-accesskey-id': 'otherid' };
    assert.equal(verdict(signV3({ signed }), secret), 'IncompleteSignature');
  });

  test('with two actions', () => {
    const query = { Action: 'DeleteImage', RegionId: 'cn-hangzhou' };
    assert.equal(verdict(signV3({ query }), secret), 'InvalidParameter');
  });

  test('with an empty secret or key id', () => {
    assert.equal(verdict(signV3({ secret: '' }), ''), 'SignatureDoesNotMatch');
    assert.equal(verdict(signV3({ accessKeyId: '' }), secret), 'MissingAccessKeyId');
  });

  test('with a date of another form', () => {
    for (const date of ['Tue, 24 Nov 2026 01:56:45 GMT', '2026-11-24T01:56:45.000Z', '0']) {
      const signed = { ...headersV3, 'x-acs-date': date };
      assert.equal(verdict(signV3({ signed }), secret), 'InvalidTimeStamp.Format');
    }
  });
});

describe('V1, validly signed, is refused', () => {
  const required: Texts = {
    AccessKeyId: 'MissingAccessKeyId',
    Action: 'MissingAction',
    SignatureMethod: 'MissingSignatureMethod',
    SignatureNonce: 'MissingSignatureNonce',
    SignatureVersion: 'MissingSignatureVersion',
    Timestamp: 'MissingTimestamp',
    Version: 'MissingVersion',
  };
  for (const [name, code] of Object.entries(required)) {
    test(`without ${name}, and with an empty one`, () => {
      assert.equal(verdict(signV1(without(parametersV1, name)), secret), code);
      assert.equal(verdict(signV1({ ...parametersV1, [name]: '' }), secret), code);
    });
  }

  const changed: readonly (readonly [what: string, code: string, parameters: Texts])[] = [
    ['an unknown method', 'InvalidSignatureMethod', { SignatureMethod: 'HMAC-MD5' }],
    ['an unknown signature version', 'IncompleteSignature', { SignatureVersion: '2.0' }],
    ['two times', 'InvalidParameter', { TimeStamp: '2026-11-24T02:56:45Z' }],
    ['a time of another form', 'InvalidTimeStamp.Format', { Timestamp: '2026-11-24 01:56:45' }],
    ['30 February', 'InvalidTimeStamp.Format', { Timestamp: '2026-02-30T01:56:45Z' }],
    ['a bearer token', 'UnsupportedSignature.BearerToken', { SignatureType: 'BEARERTOKEN' }],
    ['RSA', 'UnsupportedSignature.Rsa', { SignatureMethod: 'SHA256withRSA' }],
  ];
  for (const [what, code, parameters] of changed) {
    test(`with ${what}`, () => {
      assert.equal(verdict(signV1({ ...parametersV1, ...parameters }), secret), code);
    });
  }

  test('with an empty secret', () => {
    assert.equal(verdict(signV1(parametersV1, ''), ''), 'SignatureDoesNotMatch');
  });
});

describe('oddities of other clients are accepted', () => {
  const oddities: readonly (readonly [what: string, v3: V3])[] = [
    ['host not signed (Java)', { signed: without(headersV3, 'host'), unsigned: { host: 'any' } }],
    ['an unknown x-acs header unsigned', { unsigned: { 'x-acs-custom': 'x' } }],
    [
      'Authorization in another order (Java)',
      { rewrite: (text) => text.replace(/(SignedHeaders=[^,]*),(Signature=.*)/, '$2,$1') },
    ],
    ['the action repeated as a parameter (Java)', { query: { Action: 'DescribeImages' } }],
  ];
  for (const [what, v3] of oddities) {
    test(what, () => assert.equal(verdict(signV3(v3), secret), 'accepted'));
  }

  test('an empty SignatureType in V1 (Go, CLI, Python)', () => {
    assert.equal(verdict(signV1({ ...parametersV1, SignatureType: '' }), secret), 'accepted');
  });

  test('TimeStamp with two capitals in V1', () => {
    const { Timestamp: TimeStamp = '', ...others } = parametersV1;
    assert.equal(verdict(signV1({ ...others, TimeStamp }), secret), 'accepted');
  });

  test('an absolute target, whatever its host', () => {
    for (const request of [signV3({}), signV1(parametersV1)]) {
      const target = `http://ecs.aliyuncs.com${request.target}`;
      assert.equal(verdict({ ...request, target }, secret), 'accepted');
    }
  });
});
