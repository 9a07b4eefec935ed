// Where bytes are and who needs them there. A job leases a blob before it publishes and places it when
// it ends; the sweep takes away what no lease holds and no region needs. Both look at the same rows in
// one transaction, so that bytes are never published where they are just being deleted.
import type { Blob, Placement } from '../domain/blob.ts';
import type { Digest, RegionId } from '../domain/ids.ts';
import type { ReadTx, Tx } from '../domain/tx.ts';

/**
 * Holds the blob for a job that is about to publish it in `store`; false while its bytes there are
 * being deleted, which must end first.
 */
export const leaseBlob = async (
  tx: Tx,
  jobId: string,
  found: Omit<Blob, 'state' | 'creationMs'>,
  store: string,
): Promise<boolean> => {
  const { digest } = found;
  const blob = await tx.blob(digest);
  const placement = (await tx.placements(digest)).find((placed) => placed.store === store);
  if (blob?.state === 'deleting' || placement?.state === 'deleting') return false;
  if (blob === undefined)
    await tx.insertBlob({ ...found, state: 'publishing', creationMs: tx.actor.nowMs });
  if (placement === undefined)
    await tx.insertPlacement(placementOf(tx, digest, store, 'publishing'));
  await tx.insertLease(digest, jobId);
  return true;
};

/**
 * Bytes that were just hashed are in the place of damaged ones: `publishing` while the job that brought
 * them has not ended, `present` when they are to be served from now on. False when it was not lost.
 */
export const restorePlacement = async (
  tx: Tx,
  digest: Digest,
  store: string,
  state: 'publishing' | 'present',
): Promise<boolean> => {
  const placement = (await tx.placements(digest)).find((placed) => placed.store === store);
  if (placement === undefined || !isLost(placement)) return false;
  await tx.insertPlacement(placementOf(tx, digest, store, state));
  return true;
};

/** A copy that is known to be no good: never read, and replaced by the next equal bytes. */
export const isLost = ({ state }: Pick<Placement, 'state'>): boolean =>
  state === 'damaged' || state === 'missing';

/** Whether the bytes in `store` are known to be damaged or gone. */
export const isLostIn = async (tx: ReadTx, digest: Digest, store: string): Promise<boolean> =>
  (await tx.placements(digest)).some((placed) => placed.store === store && isLost(placed));

/**
 * The leased bytes are in `store`: whole, hashed and checked. The caller has healed the blob, and made sure that they were not found damaged since they came there.
 */
export const placeBlob = async (tx: Tx, digest: Digest, store: string): Promise<void> => {
  const placement = (await tx.placements(digest)).find((placed) => placed.store === store);
  if (placement !== undefined && isLost(placement))
    throw new Error(`The leased blob ${digest} was found damaged in ${store}.`);
  await tx.setBlobState(digest, 'publishing', 'present');
  const blob = await tx.blob(digest);
  if (blob?.state !== 'present') throw new Error(`The leased blob ${digest} is not present.`);
  // Equal bytes that were there already were not read again by joining them.
  if (placement?.state !== 'present')
    await tx.insertPlacement(placementOf(tx, digest, store, 'present'));
};

/** The bytes of a placement that begins now have just been hashed. */
const placementOf = (
  tx: Tx,
  digest: Digest,
  store: string,
  state: Placement['state'],
): Placement => ({ digest, store, kind: 'whole', state, verifiedMs: tx.actor.nowMs });

/**
 * Placements of a blob that no region needs, and those marked already. None new while a job holds the
 * blob, or while a region that needs it has not got it in its own store yet.
 */
export const unneededPlacements = async (
  tx: ReadTx,
  digest: Digest,
  storeOf: (regionId: RegionId) => string,
): Promise<Placement[]> => {
  const placements = await tx.placements(digest);
  const marked = placements.filter(({ state }) => state === 'deleting');
  if (placements.length < 2 || (await tx.isLeased(digest))) return marked;
  const needed = new Set((await tx.regionsOfBlob(digest)).map(storeOf));
  const isPresent = (name: string): boolean =>
    placements.some(({ store, state }) => store === name && state === 'present');
  if (needed.size === 0 || ![...needed].every(isPresent)) return marked;
  return placements.filter(({ store, state }) => state === 'deleting' || !needed.has(store));
};

/** Marks what is not needed, so that nobody publishes there; gives what is marked then. */
export const markUnneeded = async (
  tx: Tx,
  digest: Digest,
  storeOf: (regionId: RegionId) => string,
): Promise<Placement[]> => {
  const unneeded = await unneededPlacements(tx, digest, storeOf);
  for (const placement of unneeded) await tx.insertPlacement({ ...placement, state: 'deleting' });
  return unneeded;
};

/** Whether a file in `store` is one that no row tells of, though its bytes are kept elsewhere. */
export const isStray = async (tx: ReadTx, digest: Digest, store: string): Promise<boolean> => {
  const placements = await tx.placements(digest);
  return (
    placements.every((placed) => placed.store !== store) &&
    placements.some(({ state }) => state === 'present') &&
    !(await tx.isLeased(digest))
  );
};

/** Gives a stray file a placement that forbids publishing there; false when it is none any more. */
export const markStray = async (tx: Tx, digest: Digest, store: string): Promise<boolean> => {
  if (!(await isStray(tx, digest, store))) return false;
  await tx.insertPlacement(placementOf(tx, digest, store, 'deleting'));
  return true;
};
