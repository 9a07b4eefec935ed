// A file that grows at its end by a stream of bytes: what the file holds is the only record of how far
// it is, so that it is true after any crash of the process. Zeros become holes, memory is bounded by
// one piece, and free space is looked at on the way. When the stream breaks, what came is kept.
import { constants } from 'node:fs';
import { lstat, open, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, isFull, isMissing } from './file-error.ts';
import { SyncFailure } from './folders.ts';

/** Written at once; also the smallest hole. Pieces begin at multiples of it. */
const PIECE_BYTES = 256 * 1024;
/** How many bytes are written between two looks at the free space. */
const SPACE_CHECK_BYTES = 64 * 2 ** 20;
const ZEROS = Buffer.alloc(PIECE_BYTES);

export type GrowthFault =
  /** More bytes came than may; none of them is kept. */
  | 'TOO_LONG'
  | 'NO_SPACE'
  /** The file is shorter than where the bytes belong, or cannot be written. */
  | 'UNWRITABLE';

/** The file cannot take the bytes; those before them are kept. */
export class GrowthStopped extends Error {
  override readonly name = 'GrowthStopped';
  readonly fault: GrowthFault;
  constructor(fault: GrowthFault, cause?: unknown) {
    super(`The file cannot grow: ${fault}.`, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

export interface Growth {
  path: string;
  /** Where the bytes belong; what the file holds from there on is cut off first. */
  offset: number;
  /** The file never becomes longer than this. */
  limitBytes: number;
  source: AsyncIterable<Uint8Array>;
  /** How much must stay free on the file system. */
  floorBytes: number;
  /** Whether the source broke since it brought more than may come. */
  isTooLong?: (error: unknown) => boolean;
  /** After each chunk of the source, with its length. */
  onChunk?: (sizeBytes: number) => void;
}

/** Length of the regular file at `path`; 0 when there is none. */
export const grownBytes = async (path: string): Promise<number> => {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : 0;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
};

/**
 * Takes the source's bytes until it ends or breaks. Whatever the outcome, what is then in the file is
 * on disk. @returns the new length @throws GrowthStopped, SyncFailure
 */
export const growFile = async (growth: Growth): Promise<number> => {
  const handle = await openForGrowth(growth.path);
  try {
    if ((await handle.stat()).size < growth.offset) throw new GrowthStopped('UNWRITABLE');
    await handle.truncate(growth.offset);
    const tail = new Tail(handle, growth);
    let stopped: GrowthStopped | undefined;
    try {
      await tail.take();
    } catch (error) {
      stopped = asStop(error);
      // A longer body is of something else: its beginning must not pass for the end of this.
      if (stopped.fault === 'TOO_LONG') await handle.truncate(growth.offset);
    }
    await sync(handle, growth.path);
    if (stopped !== undefined) throw stopped;
    return tail.at;
  } finally {
    await handle.close();
  }
};

const openForGrowth = async (path: string): Promise<FileHandle> => {
  try {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    return await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (error) {
    throw asStop(error);
  }
};

const sync = async (handle: FileHandle, path: string): Promise<void> => {
  try {
    await handle.datasync();
  } catch (cause) {
    if (isFull(cause)) throw new GrowthStopped('NO_SPACE', cause);
    throw new SyncFailure(`The file ${path} could not be written to disk.`, { cause });
  }
};

/** Want of room and faults of the disk are answers; anything else is a bug. */
const asStop = (error: unknown): GrowthStopped => {
  if (error instanceof GrowthStopped) return error;
  if (isFull(error)) return new GrowthStopped('NO_SPACE', error);
  if (['EACCES', 'EPERM', 'EROFS', 'EIO', 'ELOOP', 'ENOENT'].includes(errorCode(error)))
    return new GrowthStopped('UNWRITABLE', error);
  throw error;
};

/** The end of the file: `at` bytes are in it, the piece waits to be. */
class Tail {
  at: number;
  readonly #handle: FileHandle;
  readonly #growth: Growth;
  readonly #piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #filled = 0;
  #spaceCheckedAt = -Infinity;

  constructor(handle: FileHandle, growth: Growth) {
    this.#handle = handle;
    this.#growth = growth;
    this.at = growth.offset;
  }

  async take(): Promise<void> {
    const { source, limitBytes, onChunk } = this.#growth;
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const chunk = await this.#next(chunks);
      if (chunk === undefined) break;
      onChunk?.(chunk.length);
      if (chunk.length > limitBytes - this.at - this.#filled) throw new GrowthStopped('TOO_LONG');
      await this.#add(chunk);
    }
    await this.#flush();
  }

  /** Undefined when the source has ended, well or not. */
  async #next(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
    try {
      const next = await chunks.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      if (this.#growth.isTooLong?.(error) === true) throw new GrowthStopped('TOO_LONG');
      return undefined;
    }
  }

  async #add(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      const room = PIECE_BYTES - (this.at % PIECE_BYTES) - this.#filled;
      const part = bytes.subarray(taken, taken + room);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (part.length === room) await this.#flush();
    }
  }

  /** Zeros only lengthen the file, so that its length always tells how far it is. */
  async #flush(): Promise<void> {
    const piece = this.#piece.subarray(0, this.#filled);
    if (piece.length === 0) return;
    await this.#checkSpace();
    if (piece.equals(ZEROS.subarray(0, piece.length)))
      await this.#handle.truncate(this.at + piece.length);
    else await this.#write(piece);
    this.at += piece.length;
    this.#filled = 0;
  }

  async #write(piece: Buffer): Promise<void> {
    for (let written = 0; written < piece.length;) {
      const rest = piece.length - written;
      const { bytesWritten } = await this.#handle.write(piece, written, rest, this.at + written);
      written += bytesWritten;
    }
  }

  async #checkSpace(): Promise<void> {
    if (this.at - this.#spaceCheckedAt < SPACE_CHECK_BYTES) return;
    this.#spaceCheckedAt = this.at;
    const freeBytes = await freeBytesAt(dirname(this.#growth.path));
    if (freeBytes < this.#growth.floorBytes) throw new GrowthStopped('NO_SPACE');
  }
}

/** What an ordinary user can still write to the file system of the folder. */
export const freeBytesAt = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};
