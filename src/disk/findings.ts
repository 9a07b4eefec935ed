// What every format's inspection works with: the findings it fills in, the one way to refuse, and the
// checks that hold for all formats. A refusal is thrown and caught in inspect.ts alone. A detail
// holds our own words and numbers only, never text out of an image: it is stored and logged.
import { REASONS, WARNINGS, type ReasonCode, type Warning, type WarningCode } from './reasons.ts';
import type { DiskReader } from './reader.ts';

/** The largest disk that is accepted: 2048 GiB. */
export const MAX_VIRTUAL_SIZE_BYTES = 2048 * 2 ** 30;

export const SECTOR_BYTES = 512;

/** What is known so far about the image under inspection. */
export interface Findings {
  virtualSizeBytes?: number;
  readonly warnings: Warning[];
}

/** Ends an inspection; expected, hence caught by `inspect`. */
export class Refusal extends Error {
  readonly reason: ReasonCode;

  constructor(reason: ReasonCode, detail?: string) {
    super(detail === undefined ? REASONS[reason] : `${REASONS[reason].slice(0, -1)} (${detail}).`);
    this.reason = reason;
  }
}

/** Ends the inspection with a reason; `detail` is put in brackets behind its sentence. */
export function refuse(reason: ReasonCode, detail?: string): never {
  throw new Refusal(reason, detail);
}

/** Adds a warning, once per code. */
export function warn(findings: Findings, code: WarningCode): void {
  if (findings.warnings.some((known) => known.code === code)) return;
  findings.warnings.push({ code, message: WARNINGS[code] });
}

/** Checks the virtual size (bytes, any value), notes it and returns it as a number. */
export function settleVirtualSize(findings: Findings, sizeBytes: bigint): number {
  if (sizeBytes === 0n) refuse('VIRTUAL_SIZE_ZERO');
  if (sizeBytes > BigInt(MAX_VIRTUAL_SIZE_BYTES)) refuse('VIRTUAL_SIZE_LIMIT');
  if (sizeBytes % BigInt(SECTOR_BYTES) !== 0n) refuse('VIRTUAL_SIZE_ALIGNMENT');
  findings.virtualSizeBytes = Number(sizeBytes);
  return Number(sizeBytes);
}

/** Exactly `length` bytes at `offset`, or TRUNCATED. */
export function readWhole(
  reader: DiskReader,
  offset: number,
  length: number,
  scratch?: Uint8Array,
): Uint8Array {
  const bytes = reader.read(offset, length, scratch);
  if (bytes.length < length) refuse('TRUNCATED', `nothing beyond byte ${reader.sizeBytes}`);
  return bytes;
}

/** A view on bytes, for numbers of any width and order. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Numbers up to 2^64 as a position or count: exact up to 2^53, and beyond it a value that is larger
 * than any file, so that one comparison with a size settles both.
 */
export function position(value: bigint): number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.MAX_SAFE_INTEGER;
}

export function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
