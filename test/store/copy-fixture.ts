// Copies accepted as the API accepts them, and what must be true of one that has ended.
import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { acceptCopy } from '../../src/domain/image-copy.ts';
import { newId, type ImageId } from '../../src/domain/ids.ts';
import { DEFAULT_QUOTAS } from '../../src/domain/quota.ts';
import { FAR, scope, write, type Place } from './jobs-fixture.ts';

/** What CopyImage writes, for the first Available image, from the common store to the far one. */
export const acceptFarCopy = async (place: Place): Promise<{ imageId: ImageId }> => {
  const { random, store } = place.parts;
  const imageId = newId(random, 'm-', '2ze');
  const found = await store.read((tx) =>
    tx.images(scope, { statuses: ['Available'] }, { limit: 1, offset: 0 }),
  );
  const request = {
    source: found.rows[0]!,
    accountId: FAR.accountId,
    destinationRegionId: FAR.regionId,
    imageId,
    newSnapshotId: () => newId(random, 's-', '2ze'),
  };
  const outcome = await write(place, (tx) => acceptCopy(tx, request, DEFAULT_QUOTAS));
  assert.equal(outcome.accepted, true);
  return { imageId };
};

/** Asserts that the copy is Available and that the far store has its bytes. */
export const assertCopied = async (
  place: Place,
  imageId: ImageId,
  bytes: Uint8Array,
): Promise<void> => {
  const image = await place.parts.store.read((tx) => tx.image(FAR, imageId));
  assert.deepEqual([image?.status, image?.progress], ['Available', 100]);
  const { blobs, staging } = place.parts.stores.of(FAR.regionId);
  for (const { snapshotId } of image?.disks ?? []) {
    const snapshot = await place.parts.store.read((tx) => tx.snapshot(FAR, snapshotId!));
    assert.ok(snapshot?.digest);
    const opened = await blobs.open(snapshot.digest);
    assert.ok(opened);
    assert.ok((await buffer(opened.stream)).equals(bytes));
  }
  assert.deepEqual(await staging.list(), []);
};
