import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { signToken } from '../testing/oidc-issuer.ts';
import { isSignedBy, parseJwt, type PublicJwk } from './jwt.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = (key: KeyObject, more: object = {}): PublicJwk => ({
  ...key.export({ format: 'jwk' }),
  ...more,
});
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('RS256 and ES256 are verified with their own kind of key', () => {
  const byRsa = parseJwt(signToken(rsa.privateKey, { alg: 'RS256', kid: 'a' }, { sub: 'x' }))!;
  const byEc = parseJwt(signToken(ec.privateKey, { alg: 'ES256' }, { sub: 'x' }))!;
  assert.deepEqual([byRsa.keyId, byRsa.claims.sub, byEc.keyId], ['a', 'x', undefined]);
  assert.ok(isSignedBy(byRsa, jwkOf(rsa.publicKey)));
  assert.ok(isSignedBy(byEc, jwkOf(ec.publicKey)));
  assert.ok(!isSignedBy(byRsa, jwkOf(ec.publicKey)));
  assert.ok(!isSignedBy(byEc, jwkOf(rsa.publicKey)));
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  assert.ok(!isSignedBy(byRsa, jwkOf(stranger.publicKey)));
});

test('a key that is for something else, weak or broken verifies nothing', () => {
  const byRsa = parseJwt(signToken(rsa.privateKey, { alg: 'RS256' }, {}))!;
  assert.ok(!isSignedBy(byRsa, jwkOf(rsa.publicKey, { use: 'enc' })));
  assert.ok(!isSignedBy(byRsa, jwkOf(rsa.publicKey, { alg: 'RS512' })));
  assert.ok(!isSignedBy(byRsa, { kty: 'RSA', n: 'AQAB', e: 'AQAB' }));
  assert.ok(!isSignedBy(byRsa, { kty: 'oct', k: 'AQAB' }));
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const byWeak = parseJwt(signToken(weak.privateKey, { alg: 'RS256' }, {}))!;
  assert.ok(!isSignedBy(byWeak, jwkOf(weak.publicKey)));
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const byP384 = parseJwt(signToken(p384.privateKey, { alg: 'ES256' }, {}))!;
  assert.ok(!isSignedBy(byP384, jwkOf(p384.publicKey)));
});

test('changed claims and swapped signatures do not verify', () => {
  const text = signToken(rsa.privateKey, { alg: 'RS256' }, { sub: 'x' });
  const [head, , seal] = text.split('.');
  const forged = parseJwt(`${head}.${part({ sub: 'y' })}.${seal}`)!;
  assert.ok(!isSignedBy(forged, jwkOf(rsa.publicKey)));
});

test('other algorithms, and what is no token, are not even read', () => {
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const head = part({ alg: 'HS256' });
  const body = part({ sub: 'x' });
  // The classic confusion: the public key as the secret of a keyed hash.
  const keyed = createHmac('sha256', pem).update(`${head}.${body}`).digest('base64url');
  for (const text of [
    `${head}.${body}.${keyed}`,
    `${part({ alg: 'none' })}.${body}.`,
    `${part({ alg: 'none' })}.${body}.AA`,
    `${part({ alg: 'rs256' })}.${body}.AA`,
    `${part({ alg: 'RS256', crit: ['b64'], b64: false })}.${body}.AA`,
    `${part({ alg: 'RS256', kid: 7 })}.${body}.AA`,
    `${part(['RS256'])}.${body}.AA`,
    `${part({ alg: 'RS256' })}.${part('x')}.AA`,
    `${part({ alg: 'RS256' })}.${part(null)}.AA`,
    `${part({ alg: 'RS256' })}.${body}`,
    `${part({ alg: 'RS256' })}.${body}.AA.AA`,
    `${part({ alg: 'RS256' })}.${body}.A=A`,
    ` ${part({ alg: 'RS256' })}.${body}.AA`,
    '..',
    '',
    'x'.repeat(20_001),
  ])
    assert.equal(parseJwt(text), undefined, text.slice(0, 80));
});

test('a claim named __proto__ is a claim and nothing more', () => {
  const body = Buffer.from('{"__proto__":{"sub":"x"}}').toString('base64url');
  const jwt = parseJwt(`${part({ alg: 'RS256' })}.${body}.AA`);
  assert.equal(jwt?.claims.sub, undefined);
  assert.equal(({} as Record<string, unknown>).sub, undefined);
});
