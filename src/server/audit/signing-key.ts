// The Ed25519 key that signs the head of the chain. Every incarnation of an installation has its own: two
// that were restored from one backup never sign with the same key. The private half is sealed at rest.
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { AuditKey } from '../../domain/audit.ts';
import { keyIdOf } from '../../lib/checkpoint.ts';
import type { Secrets } from '../secrets.ts';

export interface SigningKey {
  /** Names the key: the first 16 hexadecimal digits of the SHA-256 of its public half. */
  keyId: string;
  /** SPKI, base64. */
  publicKey: string;
  /** Ed25519 signature in base64. */
  sign(text: string): string;
}

export const newAuditKey = (
  secrets: Secrets,
  incarnation: number,
  creationMs: number,
): AuditKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    incarnation,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    sealedPrivateKey: secrets.seal(
      privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    ),
    creationMs,
  };
};

export const openSigningKey = (secrets: Secrets, key: AuditKey): SigningKey => {
  let opened: KeyObject | undefined;
  return {
    keyId: keyIdOf(key.publicKey),
    publicKey: key.publicKey,
    sign(text) {
      opened ??= createPrivateKey({
        key: Buffer.from(secrets.unseal(key.sealedPrivateKey), 'base64'),
        type: 'pkcs8',
        format: 'der',
      });
      return sign(null, Buffer.from(text), opened).toString('base64');
    },
  };
};
