// Who is it. Signatures are verified always: no setting turns this off. The order of
// the checks is the vendor's: key known, key active, time, signature, nonce, token; what they may is asked in authorise.ts.
import { TEMPORARY_KEY } from '../domain/session.ts';
import { ApiError } from '../errors.ts';
import { verifySignature } from '../wire/signature.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import { Nonces, WINDOW_MS } from './nonces.ts';

/** What an unknown key is verified with, so that it costs the same time as a known one. */
const DECOY_SECRET = 'decoy-secret-of-thirty-letters';

export const findCredentials = async (exchange: Exchange, house: House): Promise<void> => {
  const { accessKeyId, securityToken } = exchange.envelope!;
  if (accessKeyId.startsWith(TEMPORARY_KEY)) {
    const { findSession } = await import('./session-credentials.ts');
    const session = await findSession(accessKeyId, securityToken, exchange.nowMs, house);
    exchange.credentials = session.credentials;
    exchange.sessionSecret = session.secret;
    return;
  }
  const found = await house.store.read((tx) => tx.credentials(accessKeyId));
  if (found === undefined) {
    verifyQuietly(exchange);
    throw new ApiError('InvalidAccessKeyId.NotFound');
  }
  exchange.credentials = found;
  const hasEnded = found.endMs !== undefined && found.endMs <= exchange.nowMs;
  if (found.status !== 'Active' || hasEnded) throw new ApiError('InvalidAccessKeyId.Inactive');
};

const verifyQuietly = (exchange: Exchange): void => {
  try {
    verifySignature(exchange.request, exchange.parameters!, exchange.envelope!, DECOY_SECRET);
  } catch {
    // The outcome is not the point, the time is.
  }
};

/** A call signed before a restore may be a replay: the backup does not know which nonces were used since. */
export const checkWindow = (exchange: Exchange, { restoredMs, signatureClock }: House): void => {
  const { timestampMs } = exchange.envelope!;
  const nowMs = signatureClock.nowMs(timestampMs);
  const isBeforeRestore = timestampMs < restoredMs && restoredMs <= nowMs;
  if (isBeforeRestore || Math.abs(timestampMs - nowMs) > WINDOW_MS)
    throw new ApiError('InvalidTimeStamp.Expired');
};

export const checkSignature = (exchange: Exchange, { secrets }: House): void => {
  const { sessionSecret } = exchange;
  const { securityToken } = exchange.envelope!;
  const secret = sessionSecret ?? secrets.unseal(exchange.credentials!.sealedSecret);
  verifySignature(exchange.request, exchange.parameters!, exchange.envelope!, secret);
  // A token belongs to a temporary key and to no other.
  if (sessionSecret === undefined && securityToken)
    throw new ApiError(
      secrets.openToken(securityToken) === undefined
        ? 'InvalidSecurityToken.Malformed'
        : 'InvalidSecurityToken.MismatchWithAccessKey',
    );
};

/** After the signature: a stranger who saw a nonce must not be able to burn it. */
export const checkNonce = (
  exchange: Exchange,
  { nonces, signatureClock }: House,
): Promise<void> | undefined => {
  const { accessKeyId, nonce, timestampMs } = exchange.envelope!;
  exchange.nonceFingerprint = Nonces.fingerprint(accessKeyId, nonce);
  const nowMs = signatureClock.leastMs();
  const verdict = nonces.use(exchange.nonceFingerprint, timestampMs, nowMs);
  if (verdict === 'used') throw new ApiError('SignatureNonceUsed');
  if (verdict === 'full') throw new ApiError('Throttling.User');
  return nonces.kept(nowMs);
};
