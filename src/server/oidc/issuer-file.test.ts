import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readServeConfig } from '../config.ts';
import { openIssuers } from './issuer-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'kindred-issuers-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'issuers.json');
const issuer = {
  name: 'github',
  issuer: 'https://token.actions.githubusercontent.com',
  audiences: ['kindred'],
  jwks: 'https://token.actions.githubusercontent.com/.well-known/jwks',
};
const written = (list: unknown): string => {
  writeFileSync(file, typeof list === 'string' ? list : JSON.stringify(list));
  return file;
};

test('issuers are read from the file of --oidc-issuers, with keys at an address or beside it', () => {
  const local = { ...issuer, name: 'ci', jwks: 'keys/ci.json' };
  const config = readServeConfig(['--oidc-issuers', written([issuer, local])], {});
  assert.deepEqual(config.oidcIssuers, [
    issuer,
    { ...local, jwks: join(folder, 'keys', 'ci.json') },
  ]);
  assert.deepEqual(readServeConfig([], {}).oidcIssuers, []);
});

test('what does not fit is refused with its place and its reason', () => {
  const rows: [unknown, RegExp][] = [
    ['{', /not JSON|cannot be read/],
    [{}, /must hold a list/],
    [Array(51).fill(issuer), /at most 50/],
    [[issuer, issuer], /two issuers of the same name/],
    [[7], /entry 1: it must be an object/],
    [[issuer, { ...issuer, name: 'b', secret: 'x' }], /entry 2: the unknown key secret/],
    [[{ ...issuer, name: 'a/b' }], /name must have/],
    [[{ ...issuer, issuer: 'github' }], /issuer must be a URL/],
    [[{ ...issuer, audiences: [] }], /audiences must be/],
    [[{ ...issuer, audiences: 'kindred' }], /audiences must be/],
    [[{ ...issuer, jwks: undefined }], /jwks must be the path/],
    [[{ ...issuer, jwks: 'http://example.com/jwks' }], /https URL/],
    [[{ ...issuer, jwks: 'ftp://example.com/jwks' }], /https URL/],
  ];
  for (const [list, message] of rows) assert.throws(() => openIssuers(written(list)), message);
  assert.throws(() => openIssuers(join(folder, 'none.json')), /ENOENT/);
  const local = { ...issuer, jwks: 'http://127.0.0.1:8080/jwks' };
  assert.equal(openIssuers(written([local])).length, 1);
});
