// Fsck of the bytes: rows of blobs, their placements and the files of the blob store are walked side
// by side in order of digest; staged files are held against the jobs. Reads no content.
import type { ImageId } from '../../../domain/ids.ts';
import type { Installation } from '../../../domain/installation.ts';
import type { ReadTx } from '../../../domain/tx.ts';
import type { Differences } from './differences.ts';

const PAGE_ROWS = 500;
/** Known already to be no good. */
const LOST = new Set(['damaged', 'missing']);

type BlobRow = Awaited<ReturnType<ReadTx['blobs']>>[number];
type Files = AsyncIterator<{ digest: string; sizeBytes: number }>;

export const checkBlobs = async (
  tx: ReadTx,
  installation: Pick<Installation, 'listBlobs' | 'blobStores'>,
  differences: Differences,
): Promise<void> => {
  for await (const blob of rowsInOrder(tx)) {
    differences.checked.Blobs += 1;
    if (blob.state !== 'present') continue;
    const placements = await tx.placements(blob.digest);
    const isPlaced = placements.some((placement) => placement.state === 'present');
    differences.compare('Placement', blob.digest, 'present', isPlaced ? 'present' : null);
  }
  for (const [i, store] of installation.blobStores().entries())
    await checkStore(tx, { store, isCommon: i === 0 }, installation.listBlobs(store), differences);
};

interface Checked {
  store: string;
  /** Where bytes are looked for that are placed nowhere. */
  isCommon: boolean;
}

const checkStore = async (
  tx: ReadTx,
  checked: Checked,
  listed: AsyncIterable<{ digest: string; sizeBytes: number }>,
  differences: Differences,
): Promise<void> => {
  const files: Files = listed[Symbol.asyncIterator]();
  try {
    let file = await files.next();
    for await (const blob of rowsInOrder(tx)) {
      for (; !file.done && file.value.digest < blob.digest; file = await nextFile(files, file))
        differences.compare('OrphanBlob', file.value.digest, null, file.value.sizeBytes);
      const isThere = !file.done && file.value.digest === blob.digest;
      await checkFile(tx, blob, checked, isThere ? file.value.sizeBytes : null, differences);
      if (isThere) file = await nextFile(files, file);
    }
    for (; !file.done; file = await nextFile(files, file))
      differences.compare('OrphanBlob', file.value.digest, null, file.value.sizeBytes);
  } finally {
    await files.return?.();
  }
};

async function* rowsInOrder(tx: ReadTx): AsyncGenerator<BlobRow> {
  let after = '';
  for (;;) {
    const page = await tx.blobs(after, PAGE_ROWS);
    yield* page;
    after = page.at(-1)?.digest ?? after;
    if (page.length < PAGE_ROWS) return;
  }
}

type Step = Awaited<ReturnType<Files['next']>>;

/** Walking side by side works in one order only; a store that lists in another is a bug. */
const nextFile = async (files: Files, { value }: Step): Promise<Step> => {
  const next = await files.next();
  if (!next.done && next.value.digest <= value.digest)
    throw new Error(`listBlobs gives ${next.value.digest} after ${value.digest}`);
  return next;
};

/** While a blob is published or deleted its file may be there or not; if it is, it is whole. */
const checkFile = async (
  tx: ReadTx,
  blob: BlobRow,
  { store, isCommon }: Checked,
  fileBytes: number | null,
  differences: Differences,
): Promise<void> => {
  const placements = await tx.placements(blob.digest);
  if (placements.some((placed) => placed.store === store && LOST.has(placed.state)))
    return differences.compare('DamagedCopy', `${store} ${blob.digest}`, 'whole', 'damaged');
  const placed = placements.find((placement) => placement.store === store);
  const isElsewhere = placed === undefined && (placements.length > 0 || !isCommon);
  const isExpected = placed === undefined || placed.state === 'present';
  if (isElsewhere) differences.compare('OrphanBlob', `${store} ${blob.digest}`, null, fileBytes);
  else if (fileBytes !== null || (isExpected && blob.state === 'present'))
    differences.compare('BlobBytes', blob.digest, blob.sizeBytes, fileBytes);
};

/** A staged file is named after an image; it belongs to the job that makes that image. */
export const checkStaging = async (
  tx: ReadTx,
  installation: Pick<Installation, 'listStaging'>,
  differences: Differences,
): Promise<void> => {
  for (const name of await installation.listStaging()) {
    const imageId = /^(m-[0-9a-z]+)\./.exec(name)?.[1];
    const job = imageId === undefined ? undefined : await tx.jobOfImage(imageId as ImageId);
    if (job === undefined) differences.compare('OrphanStaging', name, 'a job', null);
  }
};
