// An issuer of OIDC tokens for tests: its keys in a file, as an operator lists it, and tokens of any
// claims, right or wrong.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListedIssuer } from '../server/oidc/issuer-file.ts';

export interface TestIssuer {
  listed: ListedIssuer;
  jwks: { keys: object[] };
  /** A token with these claims over the usual ones, valid for ten minutes from `nowMs` on. */
  token(nowMs: number, claims?: Record<string, unknown>, header?: Record<string, unknown>): string;
  close(): void;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const signToken = (key: KeyObject, header: object, claims: object): string => {
  const signed = `${part(header)}.${part(claims)}`;
  const seal = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${seal.toString('base64url')}`;
};

export const SUBJECT = 'repo:example/images:ref:refs/heads/main';

export const testIssuer = (): TestIssuer => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa-1', use: 'sig', alg: 'RS256' },
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec-1', use: 'sig' },
  ];
  const folder = mkdtempSync(join(tmpdir(), 'kindred-issuer-'));
  const jwks = join(folder, 'jwks.json');
  writeFileSync(jwks, JSON.stringify({ keys }));
  const issuer = 'https://ci.example.com';
  return {
    listed: { name: 'ci', issuer, audiences: ['other', 'kindred'], jwks },
    jwks: { keys },
    token(nowMs, claims = {}, header = {}) {
      const now = Math.floor(nowMs / 1000);
      const isEc = header.alg === 'ES256';
      return signToken(
        isEc ? ec.privateKey : rsa.privateKey,
        { alg: 'RS256', typ: 'JWT', kid: isEc ? 'ec-1' : 'rsa-1', ...header },
        { iss: issuer, sub: SUBJECT, aud: 'kindred', iat: now, exp: now + 600, ...claims },
      );
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};
