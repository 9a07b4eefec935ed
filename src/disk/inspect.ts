// The verdict on a disk image: is it exactly one disk, whole, self-contained and within limits? It
// decides by content, follows no name that stands in the image, opens nothing, and is bounded in
// time and memory whatever the image says. It must never throw for any bytes, and it must never
// accept what a later tool could read differently.
import { claimedSize } from './claimed-size.ts';
import { Refusal, SECTOR_BYTES, refuse, warn, type Findings } from './findings.ts';
import { isPartitionTableOdd } from './partition-table.ts';
import { inspectQcow2 } from './qcow2.ts';
import { inspectRaw } from './raw.ts';
import type { DiskReader } from './reader.ts';
import type { ReasonCode, Warning } from './reasons.ts';
import { recognise, refuseNested, type Recognition } from './recognise.ts';
import { inspectVhd } from './vhd.ts';
import { inspectVmdk } from './vmdk.ts';

/** The formats that are recognised and accepted. */
export type DiskFormat = 'qcow2' | 'raw' | 'vhd' | 'vmdk';

export type Verdict =
  | {
      readonly verdict: 'accepted';
      readonly format: DiskFormat;
      readonly virtualSizeBytes: number;
      readonly warnings: readonly Warning[];
    }
  | {
      readonly verdict: 'refused';
      readonly reason: ReasonCode;
      /** One sentence, free of any text out of the image. */
      readonly message: string;
      /** What the content was recognised as, or 'unknown'. */
      readonly format: string;
      /** The virtual size that the image claims, unchecked, where it can be told. */
      readonly claimedSizeBytes?: bigint;
    };

export interface InspectOptions {
  /** What the sender says it is; anything else is then refused. */
  readonly declaredFormat?: DiskFormat;
}

/** Checks one format throughout, fills the findings, and returns the guest's first bytes. */
type Inspection = (reader: DiskReader, findings: Findings) => Uint8Array;

const INSPECTIONS: Readonly<Record<DiskFormat, Inspection>> = {
  qcow2: inspectQcow2,
  raw: inspectRaw,
  vhd: inspectVhd,
  vmdk: inspectVmdk,
};

/** Formats that a sender may honestly expect to import: refused by name, whatever was declared. */
const UNSUPPORTED = new Set(['vhdx', 'iso', 'udf']);

/** The accepted format that this is and was declared as. */
function settleFormat(
  { sizeBytes }: DiskReader,
  found: Recognition,
  declared: DiskFormat | undefined,
): DiskFormat {
  // What is cut short within its first sector has lost what would tell its format.
  if (found.format === 'raw' && sizeBytes < SECTOR_BYTES)
    refuse('TRUNCATED', 'shorter than one sector');
  if (UNSUPPORTED.has(found.format)) refuse('FORMAT_UNSUPPORTED', `it is ${found.format}`);
  if (declared !== undefined && found.format !== declared)
    refuse('FORMAT_MISMATCH', `declared ${declared}, found ${found.format}`);
  switch (found.format) {
    case 'qcow2':
    case 'raw':
    case 'vhd':
    case 'vmdk':
      return found.format;
    default:
      return refuse('FORMAT_UNSUPPORTED', `it is ${found.format}`);
  }
}

/**
 * Inspects a whole disk image. Reads it by position, holds at most 16 MiB, and touches nothing else.
 * The caller inspects its own staged copy, never a source that may still change.
 */
export function inspect(reader: DiskReader, options: InspectOptions = {}): Verdict {
  const findings: Findings = { warnings: [] };
  let recognised = 'unknown';
  let claimedSizeBytes: bigint | undefined;
  try {
    const found = recognise(reader);
    recognised = found.format;
    claimedSizeBytes = claimedSize(reader, found.format);
    const format = settleFormat(reader, found, options.declaredFormat);
    const guestHead = INSPECTIONS[format](reader, findings);
    const { virtualSizeBytes, warnings } = findings;
    if (virtualSizeBytes === undefined) throw new Error(`${format}: no virtual size was settled`);
    refuseNested(guestHead);
    if (isPartitionTableOdd(guestHead, virtualSizeBytes)) warn(findings, 'PARTITION_TABLE');
    return { verdict: 'accepted', format, virtualSizeBytes, warnings };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      verdict: 'refused',
      reason: error.reason,
      message: error.message,
      format: recognised,
      ...(claimedSizeBytes === undefined ? {} : { claimedSizeBytes }),
    };
  }
}
