// Secrets at rest: AES-256-GCM under the master key, from the first row on. A sealed text is
// `v1.<base64 of nonce, tag and ciphertext>`. Opened texts are remembered by their sealed form, so
// that a changed row can never be answered from memory.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Random } from '../lib/random.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_REMEMBERED = 10_000;
export const MASTER_KEY_BYTES = 32;

export interface Secrets {
  seal(secret: string): string;
  /** @throws when the text was not sealed under this master key */
  unseal(sealed: string): string;
  /** A keyed fingerprint for paths that are secrets, hexadecimal. */
  sign(text: string): string;
}

export const makeSecrets = (masterKey: Uint8Array, random: Random): Secrets => {
  if (masterKey.length !== MASTER_KEY_BYTES)
    throw new Error(`the master key must have ${MASTER_KEY_BYTES} bytes`);
  const derive = (purpose: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', masterKey, '', `kindred ${purpose}`, 32));
  const sealKey = derive('seal');
  const signKey = derive('sign');
  const opened = new Map<string, string>();
  return {
    seal(secret) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')}`;
    },
    unseal(sealed) {
      const known = opened.get(sealed);
      if (known !== undefined) return known;
      const secret = open(sealKey, sealed);
      if (opened.size >= MAX_REMEMBERED) opened.clear();
      opened.set(sealed, secret);
      return secret;
    },
    sign: (text) => createHmac('sha256', signKey).update(text).digest('hex'),
  };
};

const open = (key: Uint8Array, sealed: string): string => {
  if (!sealed.startsWith('v1.')) throw new Error('the text is not sealed');
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return (
    decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') +
    decipher.final('utf8')
  );
};
