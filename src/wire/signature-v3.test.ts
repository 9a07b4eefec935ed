import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Authorization } from './authorization.ts';
import { parseEnvelope } from './envelope.ts';
import { parseParameters } from './params.ts';
import type { WireRequest } from './request.ts';
import { canonicalRequestV3, signV3, stringToSignV3 } from './signature-v3.ts';
import { verifySignature } from './signature.ts';
import { fails, pairsOf, requestOf, seed, verify } from './test-requests.ts';

const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const emptySm3 = '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b';
const signedByNode =
  'host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;' +
  'x-acs-signature-nonce;x-acs-version';

const sha256 = (signedHeaders: string[], signature = ''): Authorization => ({
  algorithm: 'ACS3-HMAC-SHA256',
  hash: 'sha256',
  credential: 'testid',
  signedHeaders,
  signature,
});

/** The capture of the Node SDK, with changes. */
function captured(changes: Record<string, string | undefined> = {}, body = ''): WireRequest {
  const headers = {
    host: '127.0.0.1:18001',
    'x-acs-version': '2014-05-26',
    'x-acs-action': 'DescribeImageFromFamily',
    'x-acs-date': '2026-11-24T01:56:45Z',
    'x-acs-signature-nonce': '463abc8ca6fdc260f5009f9b0ff2ffd747d1c01dc1621aef83b2f8137400052c',
    accept: 'application/json',
    'x-acs-content-sha256': empty,
    'x-acs-credentials-provider': 'static_ak',
    Authorization:
      `ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=${signedByNode},` +
      'Signature=1da6cd8aaa5693ca4f11b927e38bed404980e0816f2251f2e8ba038f55dd6cdb',
    ...changes,
  };
  const present = Object.entries(headers).flatMap(([name, value]): Array<[string, string]> =>
    value === undefined ? [] : [[name, value]],
  );
  const target = 'POST /?ImageFamily=hangzhou-daily-update&RegionId=cn-hangzhou';
  return requestOf(target, present, body);
}

/** Signs a capture anew over the headers named, as an honest client would. */
function signed(
  names: string,
  changes: Record<string, string> = {},
  body = '',
  secret = 'testsecret',
): WireRequest {
  const request = captured({ 'x-acs-content-sha256': hash('sha256', body), ...changes }, body);
  const list = names.split(';');
  const parameters = parseParameters(request);
  const canonical = canonicalRequestV3(request, parameters.list, list, hash('sha256', body));
  const signature = signV3(stringToSignV3(canonical, sha256(list)), secret, sha256(list));
  const Authorization = `ACS3-HMAC-SHA256 Credential=testid,Signature=${signature},SignedHeaders=${names}`;
  return captured(
    { 'x-acs-content-sha256': hash('sha256', body), ...changes, Authorization },
    body,
  );
}

test('the published vectors', () => {
  const run = requestOf(
    'POST /?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
    {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-content-sha256': empty,
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-version': '2014-05-26',
      Authorization:
        'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;' +
        'x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=' +
        '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    },
  );
  assert.equal(verify(run, 'YourAccessKeySecret').timestampMs, Date.UTC(2023, 9, 26, 10, 22, 32));

  const twice = requestOf(' /', [
    ['x-acs-test', 'https'],
    ['X-Acs-Test', ' http '],
  ]);
  const payload = '55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23';
  const parameters = pairsOf({ test: 'ok', empty: '' });
  const canonical = canonicalRequestV3(twice, parameters, ['x-acs-test'], payload);
  const algorithm = sha256(['x-acs-test']);
  assert.equal(
    signV3(stringToSignV3(canonical, algorithm), 'secret', algorithm),
    '4ab59fffe3c5738ff8a2729f90cc04fe18b02a4b15b2102cbaf92f9ff3df2ea3',
  );
  assert.equal(
    signV3('source', 'secret', { ...algorithm, algorithm: 'ACS3-HMAC-SM3', hash: 'sm3' }),
    'b9ff646822f41ef647c1416fa2b8408923828abc0464af6706e18db3e8553da8',
  );
  assert.equal(hash('sm3', ''), emptySm3);
});

test('captures of the Node SDK, SHA-256 and SM3', () => {
  const envelope = verify(captured());
  assert.equal(envelope.action, 'DescribeImageFromFamily');
  assert.equal(envelope.format, 'JSON');
  const sm3 = {
    'x-acs-date': '2026-11-24T01:57:13Z',
    'x-acs-signature-nonce': '8833f337f8a37962498f49f1e65e6d29a049b021b61fc28e79464ca3495488e4',
    'x-acs-content-sha256': emptySm3,
    Authorization:
      `ACS3-HMAC-SM3 Credential=testid,SignedHeaders=${signedByNode},` +
      'Signature=5ccc05fbd9d3ef47bea6e4bc82c36b6f1f6542cacbd19ba2d0a7fb6ee4dd56c6',
  };
  verify(captured(sm3));
  fails(() => verify(captured({ ...sm3, 'x-acs-content-sm3': empty })), 'SignatureDoesNotMatch');
});

const needed = 'x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version';

test('host and unknown headers may be unsigned, what we act on may not', () => {
  verify(signed(needed, { 'x-acs-retry-attempts': '1' }));
  for (const name of needed.split(';')) {
    const rest = needed.split(';').filter((other) => other !== name);
    fails(() => verify(signed(rest.join(';'))), 'IncompleteSignature');
  }
  const token = { 'x-acs-security-token': 'token' };
  fails(() => verify(signed(needed, token)), 'IncompleteSignature');
  const withToken =
    'x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;' +
    'x-acs-signature-nonce;x-acs-version';
  assert.equal(verify(signed(withToken, token)).securityToken, 'token');
});

test('a signed header cannot be changed, dropped or doubled', () => {
  for (const changes of [
    { host: '127.0.0.1:18002' },
    { 'x-acs-action': 'DeleteImage' },
    { 'x-acs-date': '2026-11-24T01:56:46Z' },
    { 'x-acs-credentials-provider': undefined },
  ]) {
    fails(() => verify(captured(changes)), 'SignatureDoesNotMatch');
  }
});

test('Java signs a header that it does not send as null', () => {
  verify(signed(`content-type;${needed}`));
});

test('header bytes are signed as they are on the wire', () => {
  const agent = Buffer.from('Köln à').toString('latin1');
  const request = signed(`user-agent;${needed}`, { 'user-agent': ` ${agent}\t` });
  verify(request);
  const canonical = canonicalRequestV3(request, [], ['user-agent'], '');
  assert.ok(Buffer.from(canonical, 'latin1').toString().includes('user-agent:Köln à\n'));
});

test('the body is hashed here, whatever the client states', () => {
  const json = { 'content-type': 'application/json' };
  const names = `content-type;${needed}`;
  assert.equal(verify(signed(names, json, '{"A":1}')).business.get('A'), '1');
  const tampered = { ...signed(names, json, '{"A":1}'), body: Buffer.from('{"A":2}') };
  fails(() => verify(tampered), 'SignatureDoesNotMatch');
  for (const stated of [empty, 'UNSIGNED-PAYLOAD', '', hash('sha256', '{"A":1}').toUpperCase()]) {
    const changes = { ...json, 'x-acs-content-sha256': stated };
    fails(() => verify(signed(names, changes, '{"A":1}')), 'SignatureDoesNotMatch');
  }
});

test('upper-case hex, other lengths and other alphabets of a signature are refused', () => {
  const { rawHeaders } = captured();
  const authorization = rawHeaders.at(-1) ?? '';
  const [head = '', hex = ''] = authorization.split('Signature=');
  for (const spelling of [hex.toUpperCase(), hex.slice(1), `${hex}0`, `0x${hex}`, 'é']) {
    const Authorization = `${head}Signature=${spelling}`;
    fails(() => verify(captured({ Authorization })), 'SignatureDoesNotMatch');
  }
});

test('an empty secret never authenticates', () => {
  fails(() => verify(signed(needed, {}, '', ''), ''), 'SignatureDoesNotMatch');
});

test('the answer shows what was expected, without token or control bytes', () => {
  const names = `user-agent;${needed};x-acs-security-token`.split(';').sort().join(';');
  const changes = { 'user-agent': '\u009b2J<b>', 'x-acs-security-token': 'tok/secret' };
  const request = signed(names, changes);
  const { message } = fails(() => verify(request, 'other'), 'SignatureDoesNotMatch');
  assert.match(
    message,
    /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-SHA256\n[0-9a-f]{64}\] server CanonicalRequest is \[POST\n\/\n/,
  );
  assert.doesNotMatch(message, /tok\/secret|testsecret|\u009b/);
  assert.ok(message.includes('x-acs-security-token:***\n'));
});

test('parameter names with # are accepted encoded and raw', () => {
  for (const encodeNames of [false, true]) {
    const base = captured();
    const request = { ...base, target: '/?%234%23key=a%20b&A=' };
    const parameters = parseParameters(request);
    const list = needed.split(';');
    const canonical = canonicalRequestV3(request, parameters.list, list, empty, encodeNames);
    assert.equal(canonical.split('\n')[2], `${encodeNames ? '%234%23key' : '#4#key'}=a%20b&A=`);
    const signature = signV3(stringToSignV3(canonical, sha256(list)), 'testsecret', sha256(list));
    const envelope = parseEnvelope(request, parameters);
    assert.ok(envelope.scheme === 'v3');
    const authorization = sha256(list, signature);
    verifySignature(request, parameters, { ...envelope, authorization }, 'testsecret');
  }
});

test('property: any change of one character of the target is noticed', () => {
  const { target } = captured();
  fc.assert(
    fc.property(fc.integer({ min: 2, max: target.length - 1 }), (at) => {
      const other = target[at] === 'X' ? 'Y' : 'X';
      const changed = target.slice(0, at) + other + target.slice(at + 1);
      fails(() => verify({ ...captured(), target: changed }), 'SignatureDoesNotMatch');
    }),
    { seed },
  );
});
