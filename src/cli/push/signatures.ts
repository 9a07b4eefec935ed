import { readFileSync, statSync } from 'node:fs';
import { PushFailed } from './push-failed.ts';

/** As the server has it. */
const MAX_BYTES = 16 * 1024;
const ARMOUR = /^-----BEGIN (?:PGP|SSH) SIGNATURE-----/;

/**
 * What PutImageSignature takes of a file: armour as its text, a binary OpenPGP signature as Base64. Only
 * told apart from other files, before anything is sent; the server looks closely. @throws PushFailed
 */
export const readSignature = (path: string): string => {
  let bytes;
  try {
    if (statSync(path).size > MAX_BYTES) throw noSignature(path);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof PushFailed) throw error;
    throw new PushFailed(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const text = bytes.toString('latin1');
  if (ARMOUR.test(text)) return text;
  // Every packet of OpenPGP begins with a byte whose highest bit is set.
  if ((bytes[0] ?? 0) < 0x80) throw noSignature(path);
  return bytes.toString('base64');
};

const noSignature = (path: string): PushFailed =>
  new PushFailed(`${path} is no detached OpenPGP or SSH signature`);
