// Takes a whole body into a file, and its checksums on the way: what an object is made of.
import { createHash } from 'node:crypto';
import { Crc64 } from '../lib/crc64.ts';
import { versionAt } from './file-version.ts';
import { growFile, type Growth } from './growing-file.ts';

/** Bytes that have grown and are synced, and no object yet. */
export interface GrownFile {
  path: string;
  sizeBytes: number;
  /** Of the content, 16 bytes. */
  md5: Buffer;
  /** CRC-64 (ECMA) of the content, in decimal. */
  crc64: string;
  version: string;
}

/** @throws GrowthStopped, SyncFailure */
export const growObject = async (
  growth: Pick<Growth, 'path' | 'source' | 'limitBytes' | 'floorBytes'>,
): Promise<GrownFile> => {
  const { path } = growth;
  const md5 = createHash('md5');
  const crc = new Crc64();
  const source = tap(growth.source, (chunk) => {
    md5.update(chunk);
    crc.update(chunk);
  });
  const sizeBytes = await growFile({ ...growth, offset: 0, source });
  const version = await versionAt(path);
  if (version === undefined) throw new Error(`The file ${path} is gone.`);
  return { path, sizeBytes, md5: md5.digest(), crc64: String(crc.digest()), version };
};

async function* tap(
  source: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}
