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
  /** Text for a client that it cannot read or make: another seal than the one at rest. */
  sealToken(text: string): string;
  /** Undefined when the token was not made by `sealToken` under this master key. */
  openToken(token: string): string | undefined;
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
  const tokenKey = derive('token');
  const opened = new Map<string, string>();
  return {
    seal: (secret) => `v1.${close(sealKey, secret, random).toString('base64')}`,
    unseal(sealed) {
      const known = opened.get(sealed);
      if (known !== undefined) return known;
      if (!sealed.startsWith('v1.')) throw new Error('the text is not sealed');
      const secret = open(sealKey, Buffer.from(sealed.slice(3), 'base64'));
      if (opened.size >= MAX_REMEMBERED) opened.clear();
      opened.set(sealed, secret);
      return secret;
    },
    sealToken: (text) => close(tokenKey, text, random).toString('base64url'),
    openToken(token) {
      const bytes = Buffer.from(token, 'base64url');
      // One spelling for one token: the decoder passes over what does not belong there.
      if (bytes.toString('base64url') !== token) return undefined;
      try {
        return open(tokenKey, bytes);
      } catch {
        return undefined;
      }
    },
    sign: (text) => createHmac('sha256', signKey).update(text).digest('hex'),
  };
};

const close = (key: Uint8Array, text: string, random: Random): Buffer => {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), closed]);
};

/** @throws when the bytes were not closed with this key */
const open = (key: Uint8Array, bytes: Buffer): string => {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return (
    decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') +
    decipher.final('utf8')
  );
};
