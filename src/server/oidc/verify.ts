import { checkClaims, type OidcVerdict } from '../../domain/oidc.ts';
import { isSignedBy, parseJwt } from '../../lib/jwt.ts';
import type { Logger } from '../log.ts';
import type { ListedIssuer } from './issuer-file.ts';
import { IssuerKeys } from './keys.ts';

/** Keys that are tried for a token that names none. */
const MAX_TRIED_KEYS = 5;

export type VerifyOidcToken = (
  issuerName: string,
  token: string,
  nowMs: number,
) => Promise<OidcVerdict>;

/** Verifies tokens of the listed issuers. The claims are read first: a forged token costs no key. */
export const makeOidcVerifier = (
  issuers: readonly ListedIssuer[],
  monotonicMs: () => number,
  log: Logger,
): VerifyOidcToken => {
  const known = new Map(
    issuers.map((issuer) => [
      issuer.name,
      { issuer, keys: new IssuerKeys(issuer.jwks, monotonicMs) },
    ]),
  );
  return async (issuerName, token, nowMs) => {
    const found = known.get(issuerName);
    if (found === undefined) return { ok: false, fault: 'unknownIssuer' };
    const jwt = parseJwt(token);
    if (jwt === undefined) return { ok: false, fault: 'invalid' };
    const verdict = checkClaims(jwt.claims, found.issuer, nowMs);
    if (!verdict.ok) return verdict;
    try {
      const candidates = await found.keys.candidates(jwt.keyId);
      const isSigned = candidates.slice(0, MAX_TRIED_KEYS).some((key) => isSignedBy(jwt, key));
      return isSigned ? verdict : { ok: false, fault: 'invalid' };
    } catch (error) {
      log.warn({ issuer: issuerName, err: error }, 'keys of an issuer cannot be read');
      return { ok: false, fault: 'noKeys' };
    }
  };
};
