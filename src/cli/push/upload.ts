// Brings the whole source to the server, from wherever it is, and hashes it on the way: each byte once,
// also where a broken line makes it be sent twice.
import { createHash } from 'node:crypto';
import type { Io } from '../io.ts';
import { printable } from '../layout.ts';
import { makeProgress } from '../progress.ts';
import { PushFailed } from './push-failed.ts';
import { patiently, type Patience } from './retry.ts';
import { sendFrom, uploadOffset } from './send-bytes.ts';
import type { Source } from './source.ts';

export interface UploadWork {
  url: URL;
  source: Source;
  /** False: the hash is known from elsewhere. */
  needsHash: boolean;
  patience: Patience;
  io: Io;
}

/** @returns the SHA-256 of the source, hexadecimal; empty when it was not asked for */
export const uploadSource = async (work: UploadWork): Promise<string> => {
  const { url, source, needsHash, patience, io } = work;
  const { sizeBytes } = source;
  const hash = new RunningHash();
  let furthest = await patiently(patience, () => uploadOffset(url));
  if (furthest > 0)
    io.err(`${source.label}: ${furthest} of ${sizeBytes} bytes are there already\n`);
  const line = makeProgress(io, printable(source.label), sizeBytes, furthest);
  async function* counted(offset: number): AsyncGenerator<Uint8Array> {
    let at = offset;
    for await (const chunk of source.read(offset)) {
      if (needsHash) hash.take(at, chunk);
      at += chunk.length;
      if (at > sizeBytes) throw new PushFailed(`${source.label} became longer while it was sent`);
      yield chunk;
      furthest = Math.max(furthest, at);
      line.at(at);
    }
    if (at < sizeBytes) throw new PushFailed(`${source.label} became shorter while it was sent`);
  }
  const attempt = async (): Promise<void> => {
    const offset = await uploadOffset(url);
    if (needsHash) await hash.catchUp(source, offset);
    if (offset === sizeBytes) return;
    const end = await sendFrom(url, offset, sizeBytes, counted(offset));
    if (end !== sizeBytes) await attempt();
  };
  try {
    await patiently(patience, attempt, () => furthest);
  } finally {
    line.end();
  }
  await source.assertUnchanged();
  return needsHash ? hash.digest() : '';
};

class RunningHash {
  readonly #hash = createHash('sha256');
  #at = 0;

  /** Bytes that begin at `from`; what of them was taken before is passed over. */
  take(from: number, chunk: Uint8Array): void {
    const known = this.#at - from;
    if (known < 0) throw new Error('bytes are missing in the hash');
    if (known >= chunk.length) return;
    this.#hash.update(chunk.subarray(known));
    this.#at = from + chunk.length;
  }

  /** Reads what an earlier run has sent: a hash cannot be kept over its end. */
  async catchUp(source: Source, to: number): Promise<void> {
    if (this.#at >= to) return;
    for await (const chunk of source.read(this.#at)) {
      this.take(this.#at, chunk.subarray(0, to - this.#at));
      if (this.#at >= to) break;
    }
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
