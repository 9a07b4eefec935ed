// A worker thread that moves bytes: copies one source at a time into staging, hashes it on the way
// and inspects the staged copy; or packs a source into an archive. It writes no row and knows no job.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { openBlobSource, openObjectSource, type ByteSource } from '../blobs/byte-source.ts';
import { errorCode } from '../blobs/file-error.ts';
import { packArchive } from '../blobs/pack-archive.ts';
import { stage } from '../blobs/stage.ts';
import { stageFailure } from '../blobs/stage-failure.ts';
import { inspect, type Verdict } from '../disk/inspect.ts';
import { fileReader } from '../disk/reader.ts';
import { systemClocks } from '../lib/clock.ts';
import { faultsOf } from '../lib/fault.ts';
import type {
  IngestOrder,
  IngestOutcome,
  IngestReport,
  IngestRequest,
  IngestWorkerData,
  PackOutcome,
  PackRequest,
} from './ingest-message.ts';

const port = parentPort;
if (port === null) throw new Error('ingest-worker is the entry of a worker thread');
const faults = faultsOf((workerData as IngestWorkerData).faultPlan); // the pool starts no other way
const report = (message: IngestReport): void => port.postMessage(message);

port.on('message', (order: IngestOrder) => {
  serve(order.request, new Int32Array(order.cancel)).then(
    (outcome) => report({ type: 'outcome', outcome }),
    (error: unknown) =>
      report(
        error instanceof StoreUnavailable
          ? { type: 'outcome', outcome: { outcome: 'unavailable', message: error.message } }
          : { type: 'error', message: describe(error) },
      ),
  );
});

const serve = async (
  request: IngestRequest | PackRequest,
  cancel: Int32Array,
): Promise<IngestOutcome | PackOutcome> => {
  const source = await openSource(request);
  if (source === 'unreadable') return stageFailure('SOURCE_UNREADABLE');
  if (source === undefined)
    return { outcome: 'failed', reason: 'SOURCE_MISSING', message: 'The source does not exist.' };
  try {
    return 'name' in request
      ? await pack(request, source, cancel)
      : await ingest(request, source, cancel);
  } finally {
    await source.close();
  }
};

const onProgress = (stagedBytes: number): void => report({ type: 'progress', stagedBytes });
const monotonicMs = (): number => systemClocks.monotonicMs();

const ingest = async (
  request: IngestRequest,
  source: ByteSource,
  cancel: Int32Array,
): Promise<IngestOutcome> => {
  const staged = await stage({
    source,
    sourceVersion: 'blob' in request ? source.version() : request.sourceVersion,
    targetPath: request.stagedPath,
    floorBytes: request.floorBytes,
    cancel,
    onProgress,
    monotonicMs,
    faults,
  });
  if (staged.outcome === 'cancelled') return { outcome: 'cancelled' };
  if (staged.outcome === 'failed') return staged;
  const verdict = inspectStaged(request);
  faults.reach('ingest.inspected');
  const { digest, sizeBytes, resumedBytes } = staged;
  return { outcome: 'ingested', digest, sizeBytes, resumedBytes, verdict };
};

const pack = (
  { stagedPath, name, modifiedMs, floorBytes }: PackRequest,
  source: ByteSource,
  cancel: Int32Array,
): Promise<PackOutcome> =>
  packArchive({
    source,
    name,
    modifiedMs,
    targetPath: stagedPath,
    floorBytes,
    cancel,
    onProgress,
    monotonicMs,
    faults,
  });

const openSource = async (
  request: IngestRequest | PackRequest,
): Promise<ByteSource | 'unreadable' | undefined> => {
  try {
    return 'blob' in request
      ? await openBlobSource(request.blob)
      : await openObjectSource(request.object);
  } catch (error) {
    if (['EACCES', 'EPERM', 'EIO'].includes(errorCode(error))) return 'unreadable';
    throw error;
  }
};

/** The copy is what will be served, so the copy is what is judged. */
const inspectStaged = (request: IngestRequest): Verdict => {
  const fd = openSync(request.stagedPath, 'r');
  try {
    const { declaredFormat } = request;
    return inspect(
      fileReader(fd, fstatSync(fd).size),
      declaredFormat === undefined ? {} : { declaredFormat },
    );
  } finally {
    closeSync(fd);
  }
};

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
