// Attacks on requests that are signed by headers: what must be covered, what may stay uncovered, the
// hash of the body, and the spelling of the Authorization header.
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { kindred } from '../../src/testing/harness.ts';
import { accepted, refused } from './attempts.ts';
import { FAMILY, v3, type V3Options } from './sign.ts';

const EMPTY_SHA256 = createHash('sha256').digest('hex');

test('V3: which headers must be signed, and which need not', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  await accepted(k, v3(by));
  await accepted(k, v3({ ...by, method: 'GET' }));
  await accepted(k, v3({ ...by, algorithm: 'ACS3-HMAC-SM3' }));
  // Java does not sign the host; a proxy or a retry adds headers of its own.
  await accepted(k, v3({ ...by, unsigned: ['host'] }));
  await accepted(k, v3({ ...by, added: ['x-acs-retry-attempts', '2', 'x-acs-trace-id', 'x'] }));
  await accepted(k, v3({ ...by, headers: { accept: 'application/json', 'user-agent': 'x' } }));
  const mandatory = [
    'x-acs-action',
    'x-acs-version',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-content-sha256',
  ];
  for (const name of mandatory)
    await refused(k, v3({ ...by, unsigned: [name] }), 'IncompleteSignature');
  const missing: [name: string, code: string][] = [
    ['x-acs-action', 'MissingAction'],
    ['x-acs-version', 'MissingVersion'],
    ['x-acs-date', 'MissingTimestamp'],
    ['x-acs-signature-nonce', 'MissingSignatureNonce'],
    ['x-acs-content-sha256', 'IncompleteSignature'],
  ];
  for (const [name, code] of missing)
    await refused(k, v3({ ...by, headers: { [name]: undefined } }), code);
  await refused(k, v3({ ...by, added: ['x-acs-security-token', 'stolen'] }), 'IncompleteSignature');
  const foreign = { ...by, headers: { 'x-acs-accesskey-id': 'LTAIother' } };
  await refused(k, v3(foreign), 'IncompleteSignature');
  const stolen = { ...by, headers: { 'x-acs-security-token': 'stolen' } };
  await refused(k, v3(stolen), 'InvalidSecurityToken.Malformed');
});

test('V3: anything changed after signing is refused', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  const honest = v3(by);
  const changed = (name: string, value: string) => {
    const { rawHeaders } = v3(by);
    const at = rawHeaders.indexOf(name);
    return { ...honest, rawHeaders: rawHeaders.with(at + 1, value) };
  };
  await refused(k, changed('host', 'evil.example'), 'SignatureDoesNotMatch');
  await refused(k, changed('x-acs-action', 'DescribeImages'), 'SignatureDoesNotMatch');
  await refused(k, changed('x-acs-signature-nonce', 'another'), 'SignatureDoesNotMatch');
  const signedParameters = { ...FAMILY, ImageFamily: 'other' };
  await refused(k, v3({ ...by, signedParameters }), 'SignatureDoesNotMatch');
  const more = { ...honest, target: `${honest.target}&OwnerId=1` };
  await refused(k, more, 'SignatureDoesNotMatch');
  await refused(k, { ...honest, method: 'GET' }, 'SignatureDoesNotMatch');
  const twoTruths = { ...honest, target: `${honest.target}&Action=DescribeImages` };
  await refused(k, twoTruths, 'InvalidParameter');
  const singles = ['host', 'authorization', 'x-acs-action', 'x-acs-date', 'x-acs-content-sha256'];
  for (const name of singles)
    await refused(k, v3({ ...by, added: [name, 'second'] }), 'InvalidProtocol.Malformed');
});

test('V3: the body is what was hashed', async (t) => {
  const k = await kindred(t);
  const body = Buffer.from('ImageFamily=attacked');
  const parameters = { RegionId: 'cn-hangzhou' };
  const by = { key: k.rootKey, nowMs: k.clock.wallMs(), body, parameters };
  await accepted(k, v3(by));
  await accepted(k, v3({ ...by, algorithm: 'ACS3-HMAC-SM3' }));
  const other = Buffer.from('ImageFamily=Attacked');
  await refused(k, { ...v3(by), body: other }, 'SignatureDoesNotMatch');
  const hash = createHash('sha256').update(body).digest('hex');
  for (const stated of [
    'UNSIGNED-PAYLOAD',
    EMPTY_SHA256,
    hash.toUpperCase(),
    hash.slice(0, 63),
    createHash('sha256').update(other).digest('hex'),
    createHash('sha1').update(body).digest('hex'),
  ])
    await refused(
      k,
      v3({ ...by, headers: { 'x-acs-content-sha256': stated } }),
      'SignatureDoesNotMatch',
    );
  // The stated hash is true of the new body, and the signature is of the old one.
  const swapped = v3(by);
  const at = swapped.rawHeaders.indexOf('x-acs-content-sha256');
  const restated = createHash('sha256').update(other).digest('hex');
  await refused(
    k,
    { ...swapped, body: other, rawHeaders: swapped.rawHeaders.with(at + 1, restated) },
    'SignatureDoesNotMatch',
  );
  const compressed = { ...by, headers: { 'content-encoding': 'gzip' } };
  await refused(k, v3(compressed), 'UnsupportedContent.Encoding', 415);
});

test('V3: the Authorization header has one meaning', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  type Authorize = NonNullable<V3Options['authorize']>;
  // Java writes the parts in another order, and others put blanks behind the commas.
  const fine: Authorize[] = [
    (p) =>
      `${p.algorithm} Credential=${p.credential},Signature=${p.signature},SignedHeaders=${p.signed}`,
    (p) =>
      `${p.algorithm} Credential=${p.credential}, SignedHeaders=${p.signed}, Signature=${p.signature}`,
  ];
  for (const authorize of fine) await accepted(k, v3({ ...by, authorize }));
  const whole: Authorize = (p) =>
    `${p.algorithm} Credential=${p.credential},SignedHeaders=${p.signed},Signature=${p.signature}`;
  const cases: [authorize: Authorize, code: string][] = [
    [(p) => whole({ ...p, signature: p.signature.toUpperCase() }), 'SignatureDoesNotMatch'],
    [(p) => whole({ ...p, signature: `${p.signature}0` }), 'SignatureDoesNotMatch'],
    [(p) => whole({ ...p, signature: p.signature.slice(1) }), 'SignatureDoesNotMatch'],
    [(p) => whole({ ...p, signature: '' }), 'IncompleteSignature'],
    [(p) => whole({ ...p, signed: '' }), 'IncompleteSignature'],
    [(p) => whole({ ...p, signed: `${p.signed};host` }), 'IncompleteSignature'],
    [(p) => whole({ ...p, signed: p.signed.toUpperCase() }), 'IncompleteSignature'],
    [(p) => whole({ ...p, algorithm: 'ACS3-HMAC-SM3' }), 'SignatureDoesNotMatch'],
    [(p) => whole({ ...p, algorithm: 'ACS3-HMAC-MD5' }), 'InvalidSignatureMethod'],
    [(p) => whole({ ...p, algorithm: 'ACS3-' }), 'InvalidSignatureMethod'],
    [(p) => whole({ ...p, algorithm: 'acs3-hmac-sha256' }), 'IncompleteSignature'],
    [(p) => whole({ ...p, algorithm: 'ACS3-RSA-SHA256' }), 'UnsupportedSignature.Rsa'],
    [(p) => whole({ ...p, algorithm: 'Bearer' }), 'IncompleteSignature'],
    [(p) => `${whole(p)},Signature=${p.signature}`, 'IncompleteSignature'],
    [(p) => `${whole(p)},Credential=LTAIother`, 'IncompleteSignature'],
    [(p) => `${whole(p)},Extra=1`, 'IncompleteSignature'],
    [
      (p) => `${p.algorithm} Signature=${p.signature},SignedHeaders=${p.signed}`,
      'IncompleteSignature',
    ],
    [() => 'Basic dXNlcjpzZWNyZXQ=', 'IncompleteSignature'],
    [() => '', 'MissingAccessKeyId'],
  ];
  for (const [authorize, code] of cases) await refused(k, v3({ ...by, authorize }), code);
});
