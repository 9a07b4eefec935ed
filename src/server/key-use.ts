// When the keys of users were last used. A note is a write, so that there is at most one in ten minutes
// for a key.
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import { noteOnce } from './note-once.ts';
import { PRODUCT_NAMES } from './product-names.ts';

const STEP_MS = 10 * 60_000;

/** After the signature: only who knows the secret uses the key. */
export const noteKeyUse = ({ credentials, operation, nowMs }: Exchange, house: House): void => {
  const { principal, accessKeyId, lastUsedMs } = credentials!;
  if (principal.kind !== 'user') return;
  if (lastUsedMs !== undefined && nowMs - lastUsedMs < STEP_MS) return;
  const use = { lastUsedMs: nowMs, service: PRODUCT_NAMES[operation!.product] };
  noteOnce(house, `key ${accessKeyId}`, nowMs, (tx) => tx.setAccessKeyUse(accessKeyId, use));
};
