// What has come of a file that is being pulled: `FILE.part` holds the bytes in their places, and
// `FILE.part.blocks` says which blocks of it are there, a line each, written behind the bytes. Both
// survive `kill -9`. After a power cut a line may be there without its bytes: the sum over the whole
// file, taken at the end, is the proof; this is only the memory of an attempt.
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';

/** What one request brings; also the most that a kill makes come twice, for each connection. */
export const BLOCK_BYTES = 2 * 1024 * 1024;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

export interface PartFile {
  readonly blockCount: number;
  /** Bytes of the blocks that are there. */
  readonly doneBytes: number;
  /** Blocks that are missing, in order. */
  missing(): number[];
  /** First byte of the block, and the one behind its last. */
  rangeOf(block: number): { start: number; end: number };
  /** Keeps a whole block; zeros become a hole. */
  write(block: number, bytes: Uint8Array): Promise<void>;
  /** All bytes on disk under the file's own name; what the memory was kept in goes. */
  finish(): Promise<void>;
  /** Forgets everything. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

export const partPath = (path: string): string => `${path}.part`;
const blocksPath = (path: string): string => `${path}.part.blocks`;

/** Goes on with what lies beside `path` when it is of the same bytes, and begins anew otherwise. */
export const openPartFile = async (
  path: string,
  sha256: string,
  sizeBytes: number,
): Promise<PartFile> => {
  const blockCount = Math.ceil(sizeBytes / BLOCK_BYTES);
  const head = `sha256 ${sha256} size ${sizeBytes} block ${BLOCK_BYTES}`;
  const known = await readBlocks(path, head, blockCount);
  const file = await open(partPath(path), known === undefined ? 'w' : 'r+', 0o644);
  await file.truncate(sizeBytes);
  const memory = await open(blocksPath(path), known === undefined ? 'w' : 'a', 0o644);
  if (known === undefined) await memory.write(`${head}\n`);
  // The last line may have been cut short: what follows must begin one of its own.
  else await memory.write('\n');
  const done = known ?? new Set<number>();
  const rangeOf = (block: number) => ({
    start: block * BLOCK_BYTES,
    end: Math.min(sizeBytes, (block + 1) * BLOCK_BYTES),
  });
  const sizeOf = (block: number): number => rangeOf(block).end - rangeOf(block).start;
  let doneBytes = [...done].reduce((sum, block) => sum + sizeOf(block), 0);
  const close = async (): Promise<void> => {
    await file.close();
    await memory.close();
  };
  const forget = () => rm(blocksPath(path), { force: true });
  return {
    blockCount,
    get doneBytes() {
      return doneBytes;
    },
    missing: () =>
      Array.from({ length: blockCount }, (_, block) => block).filter((block) => !done.has(block)),
    rangeOf,
    async write(block, bytes) {
      if (!ZEROS.subarray(0, bytes.length).equals(bytes))
        await writeAt(file, bytes, block * BLOCK_BYTES);
      await memory.write(`${block}\n`);
      done.add(block);
      doneBytes += bytes.length;
    },
    async finish() {
      await file.sync();
      await close();
      await rename(partPath(path), path);
      await forget();
    },
    async drop() {
      await close();
      await rm(partPath(path), { force: true });
      await forget();
    },
    close,
  };
};

const writeAt = async (file: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  for (let written = 0; written < bytes.length;)
    written += (await file.write(bytes, written, bytes.length - written, position + written))
      .bytesWritten;
};

/** Undefined when there is no memory, or one of other bytes. */
const readBlocks = async (
  path: string,
  head: string,
  blockCount: number,
): Promise<Set<number> | undefined> => {
  const text = await readFile(blocksPath(path), 'utf8').catch(() => undefined);
  const part = await open(partPath(path), 'r').catch(() => undefined);
  await part?.close();
  if (text === undefined || part === undefined) return undefined;
  const [first, ...lines] = text.split('\n');
  if (first !== head) return undefined;
  // Without its line feed the last line is not known to be whole.
  const blocks = lines
    .slice(0, -1)
    .filter((line) => /^\d{1,9}$/.test(line))
    .map(Number);
  return new Set(blocks.filter((block) => block < blockCount));
};
