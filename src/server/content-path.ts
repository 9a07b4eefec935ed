// Paths on which the bytes of a disk can be read: made by a signed call, secret, and dead after a
// while. A digest alone opens nothing.
import type { Digest } from '../domain/ids.ts';
import { sameText } from '../wire/compare.ts';
import type { Secrets } from './secrets.ts';

const signedText = (hex: string, fileName: string, expires: string): string =>
  `content\n${hex}\n${fileName}\n${expires}`;

/** `/images/<hex>/<file name>?Expires=<seconds>&Signature=<hex>` */
export const contentPath = (
  secrets: Secrets,
  digest: Digest,
  fileName: string,
  expiresMs: number,
): string => {
  const hex = digest.slice('sha256:'.length);
  const expires = String(Math.floor(expiresMs / 1000));
  const signature = secrets.sign(signedText(hex, fileName, expires));
  return `/images/${hex}/${encodeURIComponent(fileName)}?Expires=${expires}&Signature=${signature}`;
};

/** The digest that the path opens, or undefined when it opens nothing (any more). */
export const openContentPath = (
  secrets: Secrets,
  path: { hex: string; fileName: string; expires: string; signature: string },
  nowMs: number,
): Digest | undefined => {
  const expected = secrets.sign(signedText(path.hex, path.fileName, path.expires));
  if (!/^[0-9]{1,12}$/.test(path.expires) || !sameText(expected, path.signature)) return undefined;
  return Number(path.expires) * 1000 < nowMs ? undefined : (`sha256:${path.hex}` as Digest);
};
