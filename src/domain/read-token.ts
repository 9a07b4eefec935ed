import { createHash } from 'node:crypto';
import type { Random } from '../lib/random.ts';
import { drawText, KEY_ALPHABET } from './ids.ts';

export interface NewReadToken {
  tokenId: string;
  /** Shown once. */
  token: string;
  tokenHash: string;
}

/** The beginning of every read token, by which people and scanners know one. */
export const READ_TOKEN_PREFIX = 'kindred_read_';
const MAX_TOKEN_LENGTH = 100;

/** 43 letters and digits are 256 bits: a plain hash of it is as hard to turn back as the token to guess. */
export const newReadToken = (random: Random): NewReadToken => {
  const token = `${READ_TOKEN_PREFIX}${drawText(random, KEY_ALPHABET, 43)}`;
  const tokenId = `frt-${drawText(random, '0123456789abcdefghijklmnopqrstuvwxyz', 20)}`;
  return { tokenId, token, tokenHash: sha256(token) };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is stored of a token; undefined for a text that is none. */
export const hashOfReadToken = (token: string): string | undefined =>
  token.startsWith(READ_TOKEN_PREFIX) && token.length <= MAX_TOKEN_LENGTH
    ? sha256(token)
    : undefined;
