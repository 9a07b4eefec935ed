// A checkpoint: the head of a hash chain, signed, to be kept where whoever can rewrite the chain cannot
// reach. One line of JSON; the signature is its last member and covers the line without it.
import { createHash, createPublicKey, verify } from 'node:crypto';

const TYPE = 'kindred-audit-checkpoint';

export interface Checkpoint {
  instanceId: string;
  /** Counts restores. */
  incarnation: number;
  /** The head. */
  sequence: number;
  hash: string;
  /** The oldest record that was there. */
  firstSequence: number;
  /** UTC, whole seconds. */
  time: string;
  keyId: string;
  /** Ed25519, SPKI in base64. */
  publicKey: string;
}

/** Names a key: the first 16 hexadecimal digits of the SHA-256 of its public half. */
export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16);

/** `sign`: Ed25519 over a text, in base64. */
export const checkpointLine = (checkpoint: Checkpoint, sign: (text: string) => string): string => {
  const text = JSON.stringify({ type: TYPE, version: 1, ...checkpoint });
  return `${text.slice(0, -1)},"signature":"${sign(text)}"}`;
};

const SIGNATURE = /,"signature":"([A-Za-z0-9+/]{86}==)"\}\s*$/;

/**
 * The checkpoint in a line of a file, a log or a mail; undefined when there is none. `isSigned` tells
 * whether its own key has signed it; whether that key is the right one is for the caller to say.
 */
export const readCheckpoint = (line: string): (Checkpoint & { isSigned: boolean }) | undefined => {
  const at = line.indexOf(`{"type":"${TYPE}","version":1,`);
  const found = SIGNATURE.exec(line);
  if (at === -1 || found === null || found.index < at) return undefined;
  const text = `${line.slice(at, found.index)}}`;
  try {
    const checkpoint = JSON.parse(text) as Checkpoint;
    if (!isCheckpoint(checkpoint)) return undefined;
    return { ...checkpoint, isSigned: isSigned(text, found[1]!, checkpoint) };
  } catch {
    return undefined;
  }
};

const isCheckpoint = ({ sequence, hash, incarnation, publicKey, keyId, time }: Checkpoint) =>
  Number.isSafeInteger(sequence) &&
  Number.isSafeInteger(incarnation) &&
  [hash, publicKey, keyId, time].every((member) => typeof member === 'string');

const isSigned = (text: string, signature: string, { publicKey, keyId }: Checkpoint): boolean => {
  if (keyIdOf(publicKey) !== keyId) return false;
  try {
    const key = createPublicKey({
      key: Buffer.from(publicKey, 'base64'),
      format: 'der',
      type: 'spki',
    });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
};
