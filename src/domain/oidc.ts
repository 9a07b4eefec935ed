// Tokens of OpenID Connect: what an issuer that the operator lists says of somebody. The signature is
// checked elsewhere; here stands what the claims must say.

/** An issuer as the operator lists it. */
export interface OidcIssuer {
  /** Its name here: `acs:ram::<uid>:oidc-provider/<name>`, in every account. */
  name: string;
  /** The claim `iss`, letter by letter. */
  issuer: string;
  /** The claim `aud` must hold one of these. */
  audiences: readonly string[];
}

/** Whom a token speaks of. */
export interface OidcIdentity {
  issuer: string;
  subject: string;
  /** The audience of the issuer's list that the token has. */
  audience: string;
  /** Seconds since 1970. */
  issuedAt: number | undefined;
  expiresAt: number;
}

export type OidcVerdict =
  | { ok: true; identity: OidcIdentity }
  | { ok: false; fault: 'unknownIssuer' | 'invalid' | 'expired' | 'noKeys' };

/** How far the clock of an issuer may be from ours, seconds. */
const LEEWAY_SECONDS = 60;
const MAX_SUBJECT_CHARACTERS = 1024;
const MAX_AUDIENCES = 20;

export const checkClaims = (
  claims: Readonly<Record<string, unknown>>,
  { issuer, audiences }: OidcIssuer,
  nowMs: number,
): OidcVerdict => {
  const invalid = { ok: false, fault: 'invalid' } as const;
  const { iss, sub, aud, exp, nbf, iat } = claims;
  const now = nowMs / 1000;
  if (iss !== issuer || typeof sub !== 'string' || sub === '') return invalid;
  if (sub.length > MAX_SUBJECT_CHARACTERS) return invalid;
  const named: unknown[] = Array.isArray(aud) ? aud : [aud];
  const audience = audiences.find((one) => named.slice(0, MAX_AUDIENCES).includes(one));
  if (audience === undefined) return invalid;
  if (!isTime(exp) || !isTimeOrAbsent(nbf) || !isTimeOrAbsent(iat)) return invalid;
  if (exp <= now - LEEWAY_SECONDS) return { ok: false, fault: 'expired' };
  if ((nbf ?? 0) > now + LEEWAY_SECONDS || (iat ?? 0) > now + LEEWAY_SECONDS) return invalid;
  return {
    ok: true,
    identity: { issuer, subject: sub, audience, issuedAt: iat, expiresAt: exp },
  };
};

/** Seconds up to the year 9999: JSON writes numbers that no date can have (1e999). */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < 253_402_300_800;

const isTimeOrAbsent = (value: unknown): value is number | undefined =>
  value === undefined || isTime(value);
