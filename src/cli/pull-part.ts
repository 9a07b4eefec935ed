// What a download has so far: FILE.part holds the bytes at their places, FILE.part.json, a line at a time,
// what it is a download of and which ranges are there. A line is appended after its bytes were written, so
// that a process that is killed loses what it had not noted, and never believes what is not there.
// Whether the bytes are the right ones the sum says at the end.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface ByteSpan {
  start: number;
  /** Behind the last byte. */
  end: number;
}

/** What is downloaded; the first line of FILE.part.json. */
export interface PartHeader {
  imageId: string;
  sha256: string;
  sizeBytes: number;
}

/** Zeros in blocks of this size become holes. */
const BLOCK_BYTES = 4096;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

const partOf = (file: string): string => `${file}.part`;
const journalOf = (file: string): string => `${file}.part.json`;

/** The spans without overlaps, in order. */
const merged = (spans: readonly ByteSpan[]): ByteSpan[] => {
  const result: ByteSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
};

/** What is missing of `sizeBytes`. */
export const gaps = (done: readonly ByteSpan[], sizeBytes: number): ByteSpan[] => {
  const missing: ByteSpan[] = [];
  let at = 0;
  for (const { start, end } of merged(done)) {
    if (start > at) missing.push({ start: at, end: start });
    at = end;
  }
  if (at < sizeBytes) missing.push({ start: at, end: sizeBytes });
  return missing;
};

/** What an earlier run left; undefined when it left nothing that can be continued. */
export const readPart = (file: string): { header: PartHeader; done: ByteSpan[] } | undefined => {
  if (!existsSync(partOf(file)) || !existsSync(journalOf(file))) return undefined;
  const [first = '', ...lines] = readFileSync(journalOf(file), 'utf8').split('\n');
  try {
    const header = JSON.parse(first) as PartHeader;
    const done: ByteSpan[] = [];
    for (const line of lines) {
      const [, start, end] = /^\[(\d+),(\d+)\]$/.exec(line) ?? [];
      // The last line of a killed process may be torn, and is no line then.
      if (start !== undefined) done.push({ start: Number(start), end: Number(end) });
    }
    return { header, done: done.filter(({ end }) => end <= header.sizeBytes) };
  } catch {
    return undefined;
  }
};

export const dropPart = (file: string): void => {
  rmSync(journalOf(file), { force: true });
  rmSync(partOf(file), { force: true });
};

export interface Part {
  /** What is missing when it is opened. */
  readonly missing: readonly ByteSpan[];
  write(position: number, bytes: Buffer): void;
  /** Notes that the span is there. */
  note(span: ByteSpan): void;
  /** On disk, for what is read next. */
  sync(): void;
  close(): void;
}

/** Goes on with what is there when it is of the same bytes, and begins anew otherwise. */
export const openPart = (file: string, header: PartHeader): Part => {
  const left = readPart(file);
  const isSame =
    left?.header.sha256 === header.sha256 && left.header.sizeBytes === header.sizeBytes;
  if (!isSame) dropPart(file);
  const bytesFd = openSync(partOf(file), isSame ? 'r+' : 'w+');
  const journalFd = openSync(journalOf(file), 'a');
  // A torn line of an earlier run ends here; an empty line says nothing.
  writeSync(journalFd, isSame ? '\n' : `${JSON.stringify(header)}\n`);
  if (!isSame) ftruncateSync(bytesFd, header.sizeBytes);
  return {
    missing: gaps(isSame ? left.done : [], header.sizeBytes),
    write: (position, bytes) => writeSparse(bytesFd, position, bytes),
    note: ({ start, end }) => void writeSync(journalFd, `[${start},${end}]\n`),
    sync: () => fdatasyncSync(bytesFd),
    close() {
      closeSync(bytesFd);
      closeSync(journalFd);
    },
  };
};

/** Gives the finished file its name, and takes the notes away. */
export const finishPart = (file: string): void => {
  renameSync(partOf(file), file);
  const folder = openSync(dirname(file) || '.', 'r');
  try {
    fdatasyncSync(folder);
  } catch {
    // Not every file system syncs folders.
  } finally {
    closeSync(folder);
  }
  rmSync(journalOf(file), { force: true });
};

export const partPath = partOf;

/** Leaves out whole blocks of zeros: what was never written reads as zeros. */
const writeSparse = (fd: number, position: number, bytes: Buffer): void => {
  let from = -1;
  for (let at = 0; at < bytes.length;) {
    // Blocks as the file system has them, so that a hole of the disk is one here.
    const end = Math.min(bytes.length, at + BLOCK_BYTES - ((position + at) % BLOCK_BYTES));
    const isHole = bytes.subarray(at, end).equals(ZEROS.subarray(0, end - at));
    if (isHole && from >= 0) {
      writeAll(fd, bytes.subarray(from, at), position + from);
      from = -1;
    } else if (!isHole && from < 0) from = at;
    at = end;
  }
  if (from >= 0) writeAll(fd, bytes.subarray(from), position + from);
};

const writeAll = (fd: number, bytes: Buffer, position: number): void => {
  for (let at = 0; at < bytes.length;)
    at += writeSync(fd, bytes, at, bytes.length - at, position + at);
};
