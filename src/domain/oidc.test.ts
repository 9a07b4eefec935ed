import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClaims } from './oidc.ts';

const issuer = { name: 'ci', issuer: 'https://ci.example.com', audiences: ['a', 'b'] };
const NOW_MS = 1_800_000_000_000;
const now = NOW_MS / 1000;
const right = { iss: issuer.issuer, sub: 'me', aud: 'b', exp: now + 60, iat: now };
const verdictOf = (claims: Record<string, unknown>): string => {
  const verdict = checkClaims({ ...right, ...claims }, issuer, NOW_MS);
  return verdict.ok ? `ok ${verdict.identity.audience}` : verdict.fault;
};

test('claims are taken only as the issuer of the list makes them, in their time', () => {
  const rows: [Record<string, unknown>, string][] = [
    [{}, 'ok b'],
    [{ aud: ['x', 'a'] }, 'ok a'],
    [{ aud: 'c' }, 'invalid'],
    [{ aud: [] }, 'invalid'],
    [{ aud: { a: 1 } }, 'invalid'],
    [{ aud: [...Array(20).fill('x'), 'a'] }, 'invalid'],
    [{ iss: 'https://ci.example.com/' }, 'invalid'],
    [{ iss: undefined }, 'invalid'],
    [{ sub: '' }, 'invalid'],
    [{ sub: 7 }, 'invalid'],
    [{ sub: 'x'.repeat(1025) }, 'invalid'],
    [{ exp: undefined }, 'invalid'],
    [{ exp: String(now + 60) }, 'invalid'],
    [{ exp: Number.NaN }, 'invalid'],
    [{ exp: Infinity }, 'invalid'],
    [{ exp: 1e15 }, 'invalid'],
    [{ iat: -1 }, 'invalid'],
    [{ exp: now - 59 }, 'ok b'],
    [{ exp: now - 60 }, 'expired'],
    [{ nbf: now + 60 }, 'ok b'],
    [{ nbf: now + 61 }, 'invalid'],
    [{ nbf: 'soon' }, 'invalid'],
    [{ iat: now + 61 }, 'invalid'],
    [{ iat: undefined }, 'ok b'],
  ];
  for (const [claims, verdict] of rows)
    assert.equal(verdictOf(claims), verdict, JSON.stringify(claims));
});
