// One thousand flipped bits, each at a random place of a stored file: a verification finds every one. With
// one copy of the bytes the image turns UnAvailable and its family names the newest that is whole, until the
// bit is right again; with a second copy in another store the first is repaired and nobody notices.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import type { Digest, RegionId } from '../../src/domain/ids.ts';
import { blobFile } from '../../src/testing/blob-file.ts';
import {
  makeQcow2,
  makeRaw,
  makeVhdDynamic,
  makeVhdFixed,
  makeVmdk,
} from '../../src/testing/disk-images.ts';
import { kindred, REGION, type Harness } from '../../src/testing/harness.ts';
import { Chance } from '../crash/chance.ts';

const FAR = 'cn-beijing' as RegionId;
const FAMILY = { RegionId: REGION, ImageFamily: 'web' };
const IMAGES = 50;
/** Of one round: one bit in each of so many files. */
const FLIPS = 25;
const ROUNDS = 20;
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 1_000_000);

interface Kept {
  imageId: string;
  digest: Digest;
}

const MAKERS = [makeQcow2, makeRaw, makeVhdDynamic, makeVhdFixed, makeVmdk];

/** Images of every format in one family, oldest first. */
const furnish = async (k: Harness): Promise<Kept[]> => {
  const kept: Kept[] = [];
  for (let n = 0; n < IMAGES; n += 1) {
    const make = MAKERS[n % MAKERS.length]!;
    const bytes = make({
      virtualSizeBytes: 2 ** 20,
      guestData: { seed: n, sizeBytes: 2 ** 15 + n },
    });
    const { imageId } = await k.importImage({}, { bytes });
    await k.call('ModifyImageAttribute', { ...FAMILY, ImageId: imageId });
    const content = await k.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
    kept.push({ imageId, digest: content.Disks.Disk[0].Digest });
    k.clock.advance(1_000);
  }
  return kept;
};

const flipBit = (path: string, chance: Chance): Buffer => {
  const whole = readFileSync(path);
  const damaged = Buffer.from(whole);
  const bit = chance.below(damaged.length * 8);
  damaged[bit >> 3]! ^= 1 << (bit & 7);
  writeFileSync(path, damaged);
  return whole;
};

const verify = async (k: Harness) => {
  k.clock.advance(2_000);
  await k.call('StartVerification', { RateMib: '10000' });
  await k.finishJobs();
  return k.call('DescribeVerification');
};

const headOf = async (k: Harness): Promise<string> =>
  (await k.call('DescribeImageFromFamily', FAMILY)).Image.ImageId;

const statusesOf = async (k: Harness): Promise<Map<string, string>> => {
  const asked = { RegionId: REGION, PageSize: '100', Status: 'Available,UnAvailable' };
  const { Images } = await k.call('DescribeImages', asked);
  return new Map(
    Images.Image.map(({ ImageId, Status }: Record<string, string>) => [ImageId, Status]),
  );
};

const newestOf = (kept: readonly Kept[], without: ReadonlySet<Kept>): string =>
  kept.findLast((image) => !without.has(image))?.imageId ?? '';

/** So many of them, at random. */
const draw = (kept: readonly Kept[], chance: Chance): Set<Kept> => {
  const drawn = new Set<Kept>();
  while (drawn.size < FLIPS) drawn.add(chance.pick(kept)!);
  return drawn;
};

const open = async (t: TestContext) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-far-'));
  t.after(() => rmSync(far, { recursive: true }));
  const k = await kindred(t, { regionBlobs: { [FAR]: far } });
  return { k, kept: await furnish(k), chance: new Chance(seed) };
};

test(`of 500 flipped bits in only copies each is found (seed ${seed})`, async (t) => {
  const { k, kept, chance } = await open(t);
  const { blobs } = k.kindred.stores.of(k.scope.regionId);
  for (let round = 0; round < ROUNDS; round += 1) {
    const flipped = draw(kept, chance);
    const wholes = new Map<string, Buffer>();
    for (const { digest } of flipped) {
      const path = blobFile(blobs, digest);
      wholes.set(path, flipBit(path, chance));
    }
    const found = await verify(k);
    assert.deepEqual([found.DamagedBlobs, found.RepairedBlobs], [FLIPS, 0], `round ${round}`);
    const told = found.DamagedCopies.DamagedCopy as { Digest: string; Damage: string }[];
    assert.deepEqual(
      new Set(told.map(({ Digest, Damage }) => `${Digest} ${Damage}`)),
      new Set([...flipped].map(({ digest }) => `${digest} DIGEST_MISMATCH`)),
    );
    const statuses = await statusesOf(k);
    for (const image of kept)
      assert.equal(statuses.get(image.imageId), flipped.has(image) ? 'UnAvailable' : 'Available');
    assert.equal(await headOf(k), newestOf(kept, flipped));

    for (const [path, whole] of wholes) writeFileSync(path, whole);
    const healed = await verify(k);
    assert.deepEqual([healed.DamagedBlobs, healed.RepairedBlobs], [0, FLIPS], `round ${round}`);
    assert.equal(await headOf(k), kept.at(-1)?.imageId);
  }
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});

test(`500 flipped bits in one of two copies are all repaired (seed ${seed})`, async (t) => {
  const { k, kept, chance } = await open(t);
  for (const { imageId } of kept) {
    const to = { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR };
    await k.call('CopyImage', to);
    await k.finishJobs();
  }
  const stores: BlobStore[] = [k.scope.regionId, FAR].map((id) => k.kindred.stores.of(id).blobs);
  for (let round = 0; round < ROUNDS; round += 1) {
    const wholes = new Map<string, Buffer>();
    for (const { digest } of draw(kept, chance)) {
      const path = blobFile(chance.pick(stores)!, digest);
      wholes.set(path, flipBit(path, chance));
    }
    const found = await verify(k);
    assert.deepEqual([found.DamagedBlobs, found.RepairedBlobs], [FLIPS, FLIPS], `round ${round}`);
    assert.deepEqual(found.DamagedCopies.DamagedCopy, []);
    for (const [path, whole] of wholes) assert.ok(readFileSync(path).equals(whole));
    assert.ok([...(await statusesOf(k)).values()].every((status) => status === 'Available'));
    assert.equal(await headOf(k), kept.at(-1)?.imageId);
  }
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});
