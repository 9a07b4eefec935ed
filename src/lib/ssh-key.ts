// Public keys as SSH writes them: `ssh-rsa AAAA… comment`, where the second word is base64 of the same
// type and the numbers, each with its length before it (RFC 4253). No key is used here, only read.
import { createHash } from 'node:crypto';

/** Types that the vendor imports. */
const TYPES: ReadonlySet<string> = new Set([
  'ssh-rsa',
  'ssh-dss',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
]);

const withLength = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A number that is not negative has a zero before a first byte of 128 and more. */
const number = (bytes: Uint8Array): Buffer =>
  withLength((bytes[0] ?? 0) >= 128 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);

/** The line of an RSA key: modulus and exponent, big-endian, without zeros before them. */
export const sshRsaKey = (modulus: Uint8Array, exponent: Uint8Array): string => {
  const blob = Buffer.concat([
    withLength(Buffer.from('ssh-rsa')),
    number(exponent),
    number(modulus),
  ]);
  return `ssh-rsa ${blob.toString('base64')}`;
};

/** Whether the blob is made of parts with their lengths, the first of which is the type. */
const isBlobOf = (type: string, blob: Buffer): boolean => {
  let parts = 0;
  for (let at = 0; at < blob.length; parts++) {
    if (at + 4 > blob.length) return false;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return false;
    if (parts === 0 && blob.toString('latin1', at + 4, end) !== type) return false;
    at = end;
  }
  return parts >= 3;
};

/** The key of a line, without its comment, and its MD5 fingerprint by RFC 4716; undefined for no key. */
export const readSshKey = (
  line: string,
): { publicKey: string; fingerprint: string } | undefined => {
  const [type = '', base64 = ''] = line.trim().split(/[ \t]+/, 2);
  if (!TYPES.has(type)) return undefined;
  const blob = Buffer.from(base64, 'base64');
  if (blob.toString('base64') !== base64 || !isBlobOf(type, blob)) return undefined;
  const digest = createHash('md5').update(blob).digest('hex');
  return {
    publicKey: `${type} ${base64}`,
    fingerprint: digest.match(/../g)!.join(':'),
  };
};
