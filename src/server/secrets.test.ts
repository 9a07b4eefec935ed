import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../lib/random.ts';
import { makeSecrets, MASTER_KEY_BYTES } from './secrets.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('a token is opened in the one spelling that was given out, whatever its length', () => {
  const random = systemRandom();
  const secrets = makeSecrets(random.bytes(MASTER_KEY_BYTES), random);
  for (let length = 0; length < 9; length += 1) {
    const text = 'x'.repeat(length);
    const token = secrets.sealToken(text);
    assert.equal(secrets.openToken(token), text);
    const others = [`${token}x`, `${token}=`, `${token}==`, ` ${token}`, `${token}\n`, `${token}!`];
    for (const last of ALPHABET) others.push(token.slice(0, -1) + last);
    for (const other of others)
      if (other !== token) assert.equal(secrets.openToken(other), undefined, other);
  }
});
