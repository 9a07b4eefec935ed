// Who reads: the holder of a family's read token, somebody who signs, or nobody in particular. A token
// comes as `Authorization: Bearer …` or as the password of HTTP Basic.
import type { FastifyRequest } from 'fastify';
import type { Reader, Signer } from '../../domain/address.ts';
import { hashOfReadToken } from '../../domain/read-token.ts';
import type { ReadTx } from '../../domain/tx.ts';
import type { House } from '../house.ts';
import { noteOnce } from '../note-once.ts';

/** When a token was used last is kept to the minute: not every request is a write. */
const USED_STEP_MS = 60_000;

/** The secret of the header, whichever of the two forms it has. */
const secretOf = (header: string | undefined): string | undefined => {
  const [, scheme = '', value = ''] = /^(bearer|basic) +([^\s]+)$/i.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  const [user = '', ...rest] = Buffer.from(value, 'base64').toString('utf8').split(':');
  // `curl -u TOKEN:` is a habit too.
  return rest.join(':') || user;
};

/** The reader, by a signature, or by a token that exists and has not ended. */
export const readerOf = async (
  tx: ReadTx,
  request: FastifyRequest,
  signer: Signer | undefined,
  nowMs: number,
): Promise<Reader> => {
  if (signer !== undefined) return { signer };
  const hash = hashOfReadToken(secretOf(request.headers.authorization) ?? '');
  const token = hash === undefined ? undefined : await tx.familyReadTokenByHash(hash);
  if (token === undefined || (token.expiresMs !== null && token.expiresMs <= nowMs))
    return undefined;
  return { token };
};

/** Notes that the token was used, after the answer; that it cannot be noted stops no reader. */
export const noteUse = (house: House, reader: Reader): void => {
  if (reader === undefined || !('token' in reader)) return;
  const { tokenId, lastUsedMs } = reader.token;
  const nowMs = house.clocks.wallMs();
  if (lastUsedMs !== null && nowMs - lastUsedMs < USED_STEP_MS) return;
  const step = Math.floor(nowMs / USED_STEP_MS) * USED_STEP_MS;
  noteOnce(house, `token ${tokenId}`, nowMs, (tx) => tx.setFamilyReadTokenUsed(tokenId, step));
};

/** Strangers are told nothing, and whoever signs with a key of another account is one. */
export const hasToken = (reader: Reader): boolean => reader !== undefined && 'token' in reader;
