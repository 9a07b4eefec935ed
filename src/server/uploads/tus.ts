// The tus protocol by the tus project's own server, over our rows and files: it reads the headers and
// knows the rules, this says what an upload is and takes the bytes. It never creates an upload.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { DataStore, Server, Upload as TusUpload, type Locker } from '@tus/server';
import { GrowthStopped } from '../../blobs/growing-file.ts';
import { MAX_UPLOAD_BYTES, type Upload } from '../../domain/upload.ts';
import type { Logger } from '../log.ts';
import { answerOf, UploadRefused } from './answers.ts';
import type { Uploads } from './uploads.ts';

export interface Tus {
  /** `upload`: what the secret in the path opens; none for OPTIONS. */
  handle(request: IncomingMessage, response: ServerResponse, upload?: Upload): Promise<void>;
}

/** How long a writer that is asked to give way may go on. */
const GIVE_WAY_MS = 50;

export const makeTus = (uploads: Uploads, log: Logger): Tus => {
  /** What the request under way is about: the secret of its path was looked up before. */
  const subjects = new WeakMap<IncomingMessage, Upload>();
  const subjectOf = (request: { runtime?: unknown }): string | undefined => {
    const { node } = (request.runtime ?? {}) as { node?: { req?: IncomingMessage } };
    return node?.req && subjects.get(node.req)?.uploadId;
  };
  const server = new Server({
    path: '/uploads',
    datastore: new UploadStore(uploads),
    locker: lockerOf(uploads),
    lockDrainTimeout: GIVE_WAY_MS,
    maxSize: MAX_UPLOAD_BYTES,
    disableTerminationForFinishedUploads: true,
    getFileIdFromRequest: subjectOf,
    onResponseError: (_request, error) => {
      // Expected refusals of the protocol are objects with a status.
      if ('status_code' in error) return undefined;
      const answer = answerOf(error);
      if (answer.status >= 500) log.error({ err: error }, 'an upload failed');
      return { status_code: answer.status, body: answer.message };
    },
  });
  return {
    async handle(request, response, upload) {
      if (upload !== undefined) subjects.set(request, upload);
      await server.handle(request, response);
    },
  };
};

/** Locks of the protocol's server are ours. */
const lockerOf = ({ locks }: Uploads): Locker => ({
  newLock: (uploadId) => ({
    async lock(_signal, giveWay) {
      try {
        await locks.acquire(uploadId, () => void giveWay());
      } catch (error) {
        throw new UploadRefused(answerOf(error));
      }
    },
    async unlock() {
      locks.release(uploadId);
    },
  }),
});

/** Uploads as the protocol's server wants to see them. Called under the lock. */
class UploadStore extends DataStore {
  override extensions = ['termination'];
  readonly #uploads: Uploads;

  constructor(uploads: Uploads) {
    super();
    this.#uploads = uploads;
  }

  override async getUpload(uploadId: string): Promise<TusUpload> {
    const upload = await this.#row(uploadId);
    return new TusUpload({
      id: uploadId,
      size: upload.sizeBytes,
      offset: await this.#uploads.uploadedBytes(upload),
      creation_date: new Date(upload.creationMs).toISOString(),
    });
  }

  override async write(source: Readable, uploadId: string, offset: number): Promise<number> {
    const upload = await this.#row(uploadId);
    if (upload.status !== 'Uploading') return upload.sizeBytes;
    const length = await this.#receive(upload, offset, source);
    if (length === upload.sizeBytes) await this.#row(uploadId);
    return length;
  }

  override async remove(uploadId: string): Promise<void> {
    await this.#uploads.markDeleting(await this.#row(uploadId));
  }

  async #receive(upload: Upload, offset: number, source: Readable): Promise<number> {
    try {
      // The protocol's server counts a body without a length, and breaks it off with this status.
      const isTooLong = (error: unknown): boolean =>
        error instanceof Error && 'status_code' in error && error.status_code === 413;
      return await this.#uploads.receive(upload, offset, source, isTooLong);
    } catch (error) {
      if (error instanceof GrowthStopped) throw new UploadRefused(answerOf(error));
      throw error;
    }
  }

  async #row(uploadId: string): Promise<Upload> {
    const upload = await this.#uploads.settle(uploadId);
    if (upload === undefined) throw new UploadRefused({ status: 404, message: 'No such upload.' });
    if (upload.status === 'Failed')
      throw new UploadRefused({ status: 410, message: upload.message });
    if (upload.status === 'Deleting')
      throw new UploadRefused({ status: 410, message: 'The upload was deleted.' });
    return upload;
  }
}
