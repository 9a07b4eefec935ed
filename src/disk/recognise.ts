// Says what an image is by its content: its first bytes, the place of an optical disc's label, and
// its last sector. Never by a name, and never by the first match: an image that can be read as two
// formats is refused, since another tool may pick the other one.
import { SECTOR_BYTES, refuse } from './findings.ts';
import type { DiskReader } from './reader.ts';
import { SIGNATURES, type Family, type Signature } from './signatures.ts';

/** What an image is; an image without any signature is raw. */
export interface Recognition {
  readonly format: string;
  readonly family: Family;
}

/** Bytes from the start that hold every signature. */
export const HEAD_BYTES = 36 * 1024;

/** Longest comment block that is skipped in search of a descriptor's first line. */
const TEXT_BYTES = 4096;

const RAW: Recognition = { format: 'raw', family: 'disk' };

function holds(bytes: Uint8Array, offset: number, magic: string): boolean {
  if (offset < 0 || offset + magic.length > bytes.length) return false;
  for (let i = 0; i < magic.length; i++)
    if (bytes[offset + i] !== magic.charCodeAt(i)) return false;
  return true;
}

/** The first bytes as Latin-1 text, without a byte-order mark. */
function textOf(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, TEXT_BYTES)).toString('latin1');
  return text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text;
}

/** Whether a file of few bytes is the beginning of some format, and would be text by its letters. */
function beginsSignature(head: Uint8Array): boolean {
  return SIGNATURES.some(
    ({ offset, magic }) =>
      offset === 0 && head.length < magic.length && holds(head, 0, magic.slice(0, head.length)),
  );
}

/** Whether text may begin like this: with two letters, signs or spaces, or a byte-order mark. */
function mayBeText(head: Uint8Array): boolean {
  const [first = 0, second = 32] = head;
  return (isPlain(first) && isPlain(second)) || (first === 0xef && second === 0xbb);
}

function isPlain(byte: number): boolean {
  return (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13);
}

/** What text an image is, if it is one: a VMDK descriptor, an error page, plain words. */
function recogniseText(head: Uint8Array): Recognition | undefined {
  if (!mayBeText(head) || beginsSignature(head)) return undefined;
  const text = textOf(head);
  // What VMware and QEMU take for a descriptor: comments and blank lines, then the version.
  const first = text.split('\n').find((line) => !/^(#.*| *\r?)$/.test(line));
  if (first !== undefined && /^version=\d\r?$/.test(first))
    return { format: 'vmdk', family: 'disk' };
  const start = text.trimStart().slice(0, 16);
  if (/^<(!doctype html|html|head|body)/i.test(start)) return { format: 'html', family: 'other' };
  if (/^<[!?a-z]/i.test(start)) return { format: 'xml', family: 'other' };
  if (/^[{[]\s*["{\]}]/.test(start)) return { format: 'json', family: 'other' };
  // Plain words: short, and nothing else. A disk may begin with letters.
  const isWhole = head.length < HEAD_BYTES && head.every(isPlain);
  return isWhole && head.some((byte) => byte > 32)
    ? { format: 'text', family: 'other' }
    : undefined;
}

/** All formats that these bytes can be read as, each once. */
function candidates(matches: (signature: Signature) => boolean, head: Uint8Array): Recognition[] {
  const found = new Map<string, Recognition>();
  for (const signature of SIGNATURES)
    if (matches(signature)) found.set(signature.format, signature);
  if (found.has('iso')) found.delete('udf'); // a bridge disc is both by design
  if (![...found.values()].some((one) => one.family !== 'optical')) {
    const text = recogniseText(head);
    if (text !== undefined) found.set(text.format, text);
  }
  return [...found.values()];
}

/** Whether a boot record or a partition table stands where a container's header should be alone. */
function hasBootSignature(head: Uint8Array): boolean {
  return (head[510] === 0x55 && head[511] === 0xaa) || holds(head, SECTOR_BYTES, 'EFI PART');
}

/**
 * Whether a VHD footer stands near the end, but not where it belongs: a fixed disk whose last bytes
 * were cut off looks like a raw one otherwise.
 */
function hasShiftedFooter(tail: Uint8Array): boolean {
  const at = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).indexOf('conectix', 1);
  const version = tail.subarray(at + 12, at + 16);
  return at > 0 && holds(version, 0, '\0\x01\0\0'.slice(0, version.length));
}

/**
 * What the image is.
 * @throws Refusal EMPTY, AMBIGUOUS_FORMAT
 */
export function recognise(reader: DiskReader): Recognition {
  if (reader.sizeBytes === 0) refuse('EMPTY');
  const head = reader.read(0, HEAD_BYTES);
  const tail = reader.read(Math.max(0, reader.sizeBytes - SECTOR_BYTES), SECTOR_BYTES);
  const matches = ({ offset, magic }: Signature) =>
    offset >= 0 ? holds(head, offset, magic) : holds(tail, tail.length + offset, magic);
  const found = candidates(matches, head);
  if (found.length === 0 && hasShiftedFooter(tail)) return { format: 'vhd', family: 'disk' };
  if (found.length > 1) refuse('AMBIGUOUS_FORMAT', found.map((one) => one.format).join(' and '));
  const only = found[0];
  if (only === undefined) return RAW;
  const startsAsContainer = SIGNATURES.some(
    (one) => one.offset === 0 && one.family === 'disk' && holds(head, 0, one.magic),
  );
  if (startsAsContainer && hasBootSignature(head))
    refuse('AMBIGUOUS_FORMAT', `${only.format} and a boot record`);
  return { format: only.format, family: only.family };
}

/**
 * Refuses a guest disk whose own first bytes begin like a disk image: a later tool that guesses the
 * format of the unpacked disk would follow what the guest wrote there.
 * @param guestHead the guest's first bytes, at least one sector where the disk has one
 */
export function refuseNested(guestHead: Uint8Array): void {
  const matches = ({ offset, magic, family }: Signature) =>
    family === 'disk' && offset >= 0 && holds(guestHead, offset, magic);
  const inner = candidates(matches, guestHead).find((one) => one.family === 'disk');
  if (inner !== undefined) refuse('NESTED_FORMAT', `it looks like ${inner.format}`);
}
