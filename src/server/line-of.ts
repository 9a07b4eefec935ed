import type { WireRequest } from '../wire/request.ts';
import { claimedKey } from './claimed-key.ts';
import type { KnownKeys } from './known-keys.ts';

/**
 * Where a request waits: in the line of the account whose key it names, if that key was lately used from
 * the same address; else with the strangers, who have one turn together and take it by address in turn.
 */
export const lineOf = (request: WireRequest, knownKeys: KnownKeys): readonly string[] => {
  const address = request.remoteAddress ?? '';
  const accessKeyId = claimedKey(request);
  const accountId = accessKeyId && knownKeys.accountOf(accessKeyId, address);
  return accountId ? [accountId] : ['strangers', networkOf(address)];
};

/** Whoever has one address of IPv6 has a whole network of them. */
const networkOf = (address: string): string =>
  address.startsWith('::ffff:') ? address : address.split(':', 4).join(':');
