import { timingSafeEqual } from 'node:crypto';

/**
 * Compares two texts in time that does not depend on where they differ. It compares the encoded
 * texts: decoding first would let one signature be spelt in many ways. Lengths are no secret.
 */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
