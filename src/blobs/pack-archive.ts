// Packs one file into a gzipped tar archive in staging, in bounded chunks, and hashes the file's own bytes on
// the way, so that whoever knows their digest learns whether what was packed is whole. It writes without
// waiting for others, so it belongs on a worker thread. An attempt that broke off is begun anew: what gzip
// made of the beginning says nothing about where to go on. Never reports an archive that is not on disk.
import { closeSync, constants, fdatasyncSync, ftruncateSync, openSync, statfsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Digest } from '../domain/ids.ts';
import { noFaults, type Faults } from '../lib/fault.ts';
import { digestOfHex } from './blob-store.ts';
import type { ByteSource } from './byte-source.ts';
import { isFull } from './file-error.ts';
import { onSource, onTarget, Stop, stop, writeFull, type StageFailure } from './stage-failure.ts';
import { TAR_BLOCK_BYTES, TAR_END_BYTES, tarHeader } from './tar-header.ts';

const CHUNK_BYTES = 1024 * 1024;
const GZIP_CHUNK_BYTES = 256 * 1024;
/** Disks are large, and mostly empty or already packed: more effort gains little. */
const GZIP_LEVEL = 1;
/** How many bytes are written between two looks at the free space. */
const SPACE_CHECK_BYTES = 64 * 1024 * 1024;
const PROGRESS_MS = 250;

export interface PackRequest {
  /** Belongs to the caller, who closes it. */
  source: ByteSource;
  /** The file's name in the archive. */
  name: string;
  modifiedMs: number;
  targetPath: string;
  /** Refuse when less than this would stay free on the target's file system. */
  floorBytes: number;
  /** Another thread stores a number other than 0 at index 0 to stop. */
  cancel: Int32Array;
  /** Bytes of the source that are packed so far. */
  onProgress(packedBytes: number): void;
  monotonicMs(): number;
  faults?: Faults;
}

export type PackOutcome =
  /** Digest and size of the file that was packed, not of the archive. */
  | { outcome: 'packed'; digest: Digest; sizeBytes: number }
  | { outcome: 'cancelled' }
  | { outcome: 'failed'; reason: StageFailure; message: string };

export const packArchive = async (request: PackRequest): Promise<PackOutcome> => {
  let targetFd: number | undefined;
  try {
    const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
    targetFd = onTarget(() => openSync(request.targetPath, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600));
    return await packInto(targetFd, request);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { outcome } = error;
    return outcome.outcome === 'cancelled' ? { outcome: 'cancelled' } : outcome;
  } finally {
    if (targetFd !== undefined) closeSync(targetFd);
  }
};

const packInto = async (targetFd: number, request: PackRequest): Promise<PackOutcome> => {
  const hash = createHash('sha256');
  const gzip = createGzip({ level: GZIP_LEVEL, chunkSize: GZIP_CHUNK_BYTES });
  onTarget(() => ftruncateSync(targetFd, 0));
  checkSpace(request);
  await pipeline(
    archiveOf(request, (bytes) => hash.update(bytes)),
    gzip,
    async (packed: AsyncIterable<Buffer>) => {
      let at = 0;
      let checkedAt = 0;
      for await (const bytes of packed) {
        onTarget(() => writeFull(targetFd, bytes, at));
        at += bytes.length;
        if (at - checkedAt < SPACE_CHECK_BYTES) continue;
        checkedAt = at;
        checkSpace(request);
      }
    },
  );
  try {
    fdatasyncSync(targetFd);
  } catch (error) {
    stop(isFull(error) ? 'NO_SPACE' : 'SYNC_FAILED');
  }
  const { sizeBytes } = request.source;
  request.onProgress(sizeBytes);
  return { outcome: 'packed', digest: digestOfHex(hash.digest('hex')), sizeBytes };
};

/** Header, file, padding and end. Each chunk is a buffer of its own: gzip may keep several. */
async function* archiveOf(
  { source, name, modifiedMs, cancel, onProgress, monotonicMs, faults = noFaults }: PackRequest,
  read: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  const { sizeBytes } = source;
  yield tarHeader(name, sizeBytes, modifiedMs);
  let toldMs = monotonicMs();
  for (let at = 0; at < sizeBytes;) {
    if (Atomics.load(cancel, 0) !== 0) throw new Stop({ outcome: 'cancelled', stagedBytes: at });
    const bytes = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, sizeBytes - at));
    const count = await onSource(() => source.read(bytes, at));
    if (count < bytes.length) stop('SOURCE_CHANGED');
    read(bytes);
    if (at < sizeBytes / 2 && at + bytes.length >= sizeBytes / 2) faults.reach('ingest.half');
    at += bytes.length;
    yield bytes;
    if (monotonicMs() - toldMs < PROGRESS_MS) continue;
    toldMs = monotonicMs();
    onProgress(at);
  }
  const over = sizeBytes % TAR_BLOCK_BYTES;
  if (over > 0) yield Buffer.alloc(TAR_BLOCK_BYTES - over);
  yield Buffer.alloc(TAR_END_BYTES);
}

const checkSpace = ({ targetPath, floorBytes }: PackRequest): void => {
  const { bavail, bsize } = onTarget(() => statfsSync(dirname(targetPath)));
  if (bavail * bsize < floorBytes) stop('NO_SPACE');
};
