// Worker of hash-file.ts: the SHA-256 of one file, in pieces.
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const PIECE_BYTES = 2 ** 20;

const { path } = workerData as { path: string };
const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
const hash = createHash('sha256');
const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
for (;;) {
  const count = readSync(fd, piece, 0, PIECE_BYTES, null);
  if (count === 0) break;
  hash.update(piece.subarray(0, count));
}
closeSync(fd);
parentPort?.postMessage(hash.digest('hex'));
