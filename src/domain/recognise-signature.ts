// Tells a detached signature by its bytes. Nothing is verified: whose key it was is for the reader to
// know. Only what is a signature and nothing else is taken, so that no other file is served as one.
import type { SignatureType } from './address.ts';

const PGP_ARMOUR =
  /^-----BEGIN PGP SIGNATURE-----\r?\n(?:[A-Za-z]+: [^\r\n]*\r?\n)*\r?\n([A-Za-z0-9+/=\r\n]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\r?\n-----END PGP SIGNATURE-----\s*$/;
const SSH_ARMOUR =
  /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\n-----END SSH SIGNATURE-----\s*$/;

/** Undefined when the bytes are no signature that is known here. */
export const recogniseSignature = (bytes: Uint8Array): SignatureType | undefined => {
  if (isPgpSignatures(bytes)) return 'openpgp';
  const text = Buffer.from(bytes).toString('latin1');
  const pgp = PGP_ARMOUR.exec(text)?.[1];
  if (pgp !== undefined) return isPgpSignatures(Buffer.from(pgp, 'base64')) ? 'openpgp' : undefined;
  const ssh = SSH_ARMOUR.exec(text)?.[1];
  if (ssh === undefined) return undefined;
  return Buffer.from(ssh, 'base64').subarray(0, 6).toString('latin1') === 'SSHSIG'
    ? 'ssh'
    : undefined;
};

/** One packet of tag 2 (signature, RFC 9580) or several, and nothing after them. */
const isPgpSignatures = (bytes: Uint8Array): boolean => {
  let at = 0;
  while (at < bytes.length) {
    const packet = readPacket(bytes, at);
    if (packet === undefined || packet.tag !== 2 || packet.end > bytes.length) return false;
    const version = bytes[packet.body] ?? 0;
    if (version < 3 || version > 6) return false;
    at = packet.end;
  }
  return at > 0;
};

interface Packet {
  tag: number;
  body: number;
  end: number;
}

const readPacket = (bytes: Uint8Array, at: number): Packet | undefined => {
  const head = bytes[at] ?? 0;
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  const packet = (tag: number, lengthBytes: number, length: number): Packet => ({
    tag,
    body: at + 1 + lengthBytes,
    end: at + 1 + lengthBytes + length,
  });
  if ((head & 0xc0) === 0x80) {
    // The old form: one, two or four bytes of length.
    const tag = (head >> 2) & 0x0f;
    if ((head & 3) === 0) return packet(tag, 1, byte(1));
    if ((head & 3) === 1) return packet(tag, 2, byte(1) * 256 + byte(2));
    return undefined;
  }
  if ((head & 0xc0) !== 0xc0) return undefined;
  const tag = head & 0x3f;
  if (byte(1) < 192) return packet(tag, 1, byte(1));
  if (byte(1) < 224) return packet(tag, 2, (byte(1) - 192) * 256 + byte(2) + 192);
  return undefined;
};
