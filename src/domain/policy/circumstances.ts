// What policies, and the trust policies of roles, may know of a call whatever it asks for.

export interface Circumstances {
  /** Address of the peer; undefined when there is none. */
  sourceIp: string | undefined;
  /** Whether it came over TLS. */
  isSecure: boolean;
}

/** By the spelling of `conditionKey`. */
export const circumstancesOf = (
  { sourceIp, isSecure }: Circumstances,
  nowMs: number,
): ReadonlyMap<string, string> =>
  new Map([
    ['acs:currenttime', new Date(nowMs).toISOString()],
    ['acs:securetransport', String(isSecure)],
    // Nobody signs in with a second factor here.
    ['acs:mfapresent', 'false'],
    ...(sourceIp === undefined ? [] : [['acs:sourceip', sourceIp] as const]),
  ]);
