import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { FINGERPRINT_OF_KEY, PUBLIC_KEY } from '../testing/key-pairs.ts';
import { readSshKey, sshRsaKey } from './ssh-key.ts';

// Made by ssh-keygen, which gave the fingerprint too (-l -E md5).
const LINE =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDUXekAWRQMoq0rXyFUporGmYc5PmRMI1syJCrxeV5nRPSVamas7Rf2fX2IkPLM765Zyr2CdgTTE7Y9QPCjuMwm81gJWBJaREJwMAlDiiadisChlxXrcEOPgbmuoInOq5XNDhO2+Hpe2daDcZMtB3EJlp5eatzxnMZVy/zJyX9Ipw== comment here';
const FINGERPRINT = '66:0d:cd:88:0f:d9:2b:e4:1b:4b:0e:41:81:e3:0c:81';

test('a line is read, with and without a comment', () => {
  const read = readSshKey(`  ${LINE}\n`);
  assert.equal(read?.publicKey, LINE.replace(' comment here', ''));
  assert.equal(read?.fingerprint, FINGERPRINT);
  assert.equal(readSshKey(PUBLIC_KEY)?.fingerprint, FINGERPRINT_OF_KEY);
  assert.deepEqual(readSshKey(read!.publicKey), read);
});

test('what is no key', () => {
  const [type = '', base64 = ''] = LINE.split(' ');
  for (const line of [
    '',
    type,
    base64,
    `ssh-dss ${base64}`,
    `ssh-ed25519 ${base64}`,
    `${type} ${base64.slice(0, -4)}`,
    `${type} ${base64.slice(4)}`,
    `${type} AAAAB3NzaC1yc2E=`,
    `${type} not*base64`,
    'BEGIN RSA PRIVATE KEY',
  ])
    assert.equal(readSshKey(line), undefined, line);
});

test('the line of a new key is one, whatever its first byte', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')];
  assert.ok(readSshKey(sshRsaKey(modulus, exponent)));
  assert.match(sshRsaKey(modulus, exponent), /^ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB/);
  assert.ok(readSshKey(sshRsaKey(Buffer.of(1, 2), exponent)));
});
