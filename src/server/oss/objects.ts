// Objects as the door sees them: the file in the bucket, and what is known of its content. The row of a
// version is written before the file gets its name, so that an object never shows without its ETag; rows
// of other versions go afterwards. One object is changed by one request at a time.
import type { IncomingMessage } from 'node:http';
import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Buckets, OpenObject, StoredObject } from '../../blobs/buckets.ts';
import { SyncFailure } from '../../blobs/folders.ts';
import { growObject, type GrownFile } from '../../blobs/grow-object.ts';
import { GrowthStopped } from '../../blobs/growing-file.ts';
import { growthPath } from '../../blobs/growth-place.ts';
import { isObjectKey } from '../../blobs/object-names.ts';
import type { ObjectFacts } from '../../domain/object-facts.ts';
import type { Actor } from '../../domain/tx.ts';
import { makeTurns, type InTurn } from '../../lib/turns.ts';
import type { House } from '../house.ts';
import { OssError } from './error.ts';

/** Of one object, and of one part. */
export const MAX_OBJECT_BYTES = 5 * 2 ** 40;
export const MAX_PUT_BYTES = 5 * 2 ** 30;

export type Facts = ObjectFacts['facts'];

/** An object, and under what its facts are kept. */
type Named = Pick<StoredObject, 'grownVersion'> & { object: string };

export interface Objects {
  /** Changes of one object, or of one upload in parts, come one after the other. */
  inTurn: InTurn;
  buckets: Buckets;
  /** Runs `work` with a path at which a new object of the bucket grows, and leaves nothing there. */
  growing<T>(bucket: string, work: (path: string) => Promise<T>): Promise<T>;
  /** Undefined: there is no such object. The caller closes the handle. */
  open(bucket: string, object: string): Promise<(OpenObject & { facts: Facts }) | undefined>;
  /** ETags and headers of objects of given versions; keys in order of bytes. */
  factsOf(bucket: string, found: readonly Named[]): Promise<Facts[]>;
  /** A whole body, checked against its length and its Content-MD5. */
  take(path: string, incoming: IncomingMessage, limitBytes: number): Promise<GrownFile>;
  /** What is generated here instead of received. */
  grow(path: string, source: AsyncIterable<Uint8Array>): Promise<GrownFile>;
  publish(bucket: string, object: string, grown: GrownFile, facts: Facts, by: By): Promise<void>;
  remove(bucket: string, object: string, by: By): Promise<void>;
}

export interface By {
  arn: string;
  requestId: string;
  /** Fail when the object is there. */
  mustBeNew?: boolean;
}

/** A file that came by another way has an ETag that is no MD5, as that of parts is none. */
export const plainFacts = (version: string): Facts => ({
  etag: `"${createHash('md5').update(version).digest('hex').toUpperCase()}-0"`,
  headers: {},
});

/** @param floorBytes what must stay free where bytes grow */
export const makeObjects = (house: House, buckets: Buckets, floorBytes: number): Objects => {
  const { store, clocks } = house;
  const inTurn = makeTurns();
  const actor = ({ arn, requestId }: By): Actor => ({
    principal: arn,
    requestId,
    nowMs: clocks.wallMs(),
  });
  const factsOf: Objects['factsOf'] = async (bucket, found) => {
    const [first, last] = [found[0]?.object, found.at(-1)?.object];
    if (first === undefined || last === undefined) return [];
    const rows = await store.read((tx) => tx.objectFacts(bucket, first, last));
    const known = new Map(rows.map((row) => [`${row.version} ${row.object}`, row.facts]));
    return found.map(
      ({ object, grownVersion }) =>
        known.get(`${grownVersion} ${object}`) ?? plainFacts(grownVersion),
    );
  };
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (error instanceof SyncFailure) store.stopWrites(error);
      throw growthError(error);
    });
  return {
    inTurn,
    buckets,
    factsOf,
    async open(bucket, object) {
      const found = await buckets.openObject(bucket, object);
      if (found === undefined) return undefined;
      const [facts] = await factsOf(bucket, [{ object, grownVersion: found.grownVersion }]);
      return { ...found, facts: facts! };
    },
    async growing(bucket, work) {
      await guarded(buckets.prepareGrowth(bucket));
      return withGrowth(growthPath(buckets, bucket, `put-${randomUUID()}`), work);
    },
    grow: (path, source) =>
      guarded(growObject({ path, source, limitBytes: MAX_OBJECT_BYTES, floorBytes })),
    async take(path, incoming, limitBytes) {
      const expected = contentMd5(incoming);
      const announced = incoming.headers['content-length'];
      if (announced === undefined && incoming.headers['transfer-encoding'] === undefined)
        throw new OssError('MissingContentLength');
      if (Number(announced ?? 0) > limitBytes) throw new OssError('EntityTooLarge');
      const grown = await guarded(growObject({ path, source: incoming, limitBytes, floorBytes }));
      if (!incoming.complete || (announced !== undefined && grown.sizeBytes !== Number(announced)))
        throw new OssError('IncompleteBody');
      if (expected !== undefined && !grown.md5.equals(expected)) throw new OssError('BadDigest');
      return grown;
    },
    publish: (bucket, object, grown, facts, by) =>
      inTurn(`${bucket}/${object}`, async () => {
        if (by.mustBeNew && (await buckets.statObject(bucket, object)) !== undefined)
          throw new OssError('FileAlreadyExists');
        const { version } = grown;
        await store.write(actor(by), (tx) =>
          tx.insertObjectFacts(bucket, { object, version, facts }),
        );
        const outcome = await guarded(buckets.nameObject(bucket, grown.path, object, version));
        if (outcome === 'named')
          await store.write(actor(by), (tx) => tx.deleteObjectFacts(bucket, object, version));
        if (outcome === 'taken')
          throw new OssError('InvalidObjectName', 'A folder or another object is in the way.');
        if (outcome === 'missing') throw new OssError('NoSuchBucket');
      }),
    remove: (bucket, object, by) =>
      inTurn(`${bucket}/${object}`, async () => {
        if (!isObjectKey(object)) return;
        await guarded(buckets.deleteObject(bucket, object));
        await store.write(actor(by), (tx) => tx.deleteObjectFacts(bucket, object, ''));
      }),
  };
};

/** Runs `work` with a path to grow a file at, and leaves nothing there. */
export const withGrowth = async <T>(
  path: string,
  work: (path: string) => Promise<T>,
): Promise<T> => {
  try {
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
};

const contentMd5 = ({ headers }: IncomingMessage): Buffer | undefined => {
  const text = headers['content-md5'];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(String(text), 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== text) throw new OssError('InvalidDigest');
  return bytes;
};

const growthError = (error: unknown): unknown => {
  if (error instanceof SyncFailure) return new OssError('ServiceUnavailable');
  if (!(error instanceof GrowthStopped)) return error;
  if (error.fault === 'TOO_LONG') return new OssError('EntityTooLarge');
  if (error.fault === 'NO_SPACE') return new OssError('InsufficientStorage');
  return new OssError('AccessDenied', 'The folder of the bucket cannot be written to.');
};
