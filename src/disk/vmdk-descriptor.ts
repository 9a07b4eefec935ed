// The text inside a VMDK image that says what its parts are. Read by an allow-list: known keys, each
// once, and exactly one extent, which is this file. It must never hand on a name it has read.
import { refuse } from './findings.ts';

const MAX_LINES = 1000;

/** `key = value` or `key = "value"`, printable ASCII throughout. */
const PAIR = /^([A-Za-z][\w.-]*)[ \t]*=[ \t]*(?:"([^"]*)"|([^"\s]*))$/;
const EXTENT = /^(RW|RDONLY)[ \t]+(\d{1,16})[ \t]+(\w+)[ \t]+"([^"]*)"(?:[ \t]+0)?$/;
const EXTENT_START = /^(RW|RDONLY|NOACCESS)\b/i;

const SINGLE_KEYS = new Set([
  'version',
  'encoding',
  'cid',
  'parentcid',
  'isnativesnapshot',
  'createtype',
]);
const CREATE_TYPES = ['monolithicSparse', 'streamOptimized'] as const;
const PARENT_KEYS = new Set([
  'parentfilenamehint',
  'ddb.parentfilenamehint',
  'ddb.nativeparenthint',
]);
const NO_PARENT = 'ffffffff';

type CreateType = (typeof CREATE_TYPES)[number];

/** QEMU writes a new CID of 1 to 8 digits over an older one and leaves the end of the longer text. */
const MAX_LEFTOVER_BYTES = 7;

/** The text up to its padding; nothing may hide behind a NUL but the end of the same text once more. */
function textOf(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const text = nul < 0 ? bytes : bytes.subarray(0, nul);
  if (nul >= 0 && hidesText(bytes.subarray(nul + 1), text))
    refuse('VMDK_DESCRIPTOR', 'text after a NUL');
  const isText = (byte: number) =>
    (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
  if (!text.every(isText)) refuse('VMDK_DESCRIPTOR', 'not plain ASCII');
  return Buffer.from(text).toString('latin1');
}

function hidesText(padding: Uint8Array, text: Uint8Array): boolean {
  const end = padding.indexOf(0);
  const leftover = Buffer.from(end < 0 ? padding : padding.subarray(0, end));
  if (leftover.length > MAX_LEFTOVER_BYTES) return true;
  const isOwnEnd = leftover.equals(text.subarray(text.length - leftover.length));
  return !isOwnEnd || padding.subarray(leftover.length).some(Boolean);
}

function checkExtent(line: string, capacitySectors: number): void {
  const match = EXTENT.exec(line);
  if (match === null) refuse('VMDK_EXTENT', 'unknown form');
  const [, , sectors, type, name] = match;
  if (type !== 'SPARSE') refuse('VMDK_EXTENT', 'not a sparse extent');
  if (Number(sectors) !== capacitySectors) refuse('VMDK_EXTENT', 'size differs from the header');
  if (name === undefined || name === '' || /[/\\:]/.test(name))
    refuse('VMDK_EXTENT', 'a path instead of a file name');
}

/** Notes one pair; keys differ in more than case only. */
function addPair(pairs: Map<string, string>, line: string): void {
  const match = PAIR.exec(line);
  if (match === null) refuse('VMDK_DESCRIPTOR', 'unknown line');
  const key = (match[1] ?? '').toLowerCase();
  if (PARENT_KEYS.has(key)) refuse('VMDK_PARENT');
  if (!SINGLE_KEYS.has(key) && !key.startsWith('ddb.')) refuse('VMDK_DESCRIPTOR', 'unknown key');
  if (pairs.has(key)) refuse('VMDK_DESCRIPTOR', 'a key stands twice');
  pairs.set(key, match[2] ?? match[3] ?? '');
}

/** Checks version and content ids: they are numbers, and the parent's says that there is none. */
function checkIdentity(pairs: ReadonlyMap<string, string>): void {
  const parent = pairs.get('parentcid');
  if (parent === undefined) refuse('VMDK_DESCRIPTOR', 'no parentCID');
  if (parent.toLowerCase() !== NO_PARENT) refuse('VMDK_PARENT');
  if (!/^[0-9a-f]{1,8}$/i.test(pairs.get('cid') ?? '')) refuse('VMDK_DESCRIPTOR', 'CID');
  if (!/^[1-4]$/.test(pairs.get('version') ?? '')) refuse('VMDK_DESCRIPTOR', 'version');
}

/**
 * Checks an embedded descriptor.
 * @param capacitySectors the size in the sparse header, which the extent's must equal
 * @throws Refusal VMDK_DESCRIPTOR, VMDK_SUBFORMAT, VMDK_PARENT, VMDK_EXTENT
 */
export function checkDescriptor(bytes: Uint8Array, capacitySectors: number): CreateType {
  const lines = textOf(bytes)
    .split('\n')
    .map((line) => line.trim());
  if (lines.length > MAX_LINES) refuse('VMDK_DESCRIPTOR', 'too many lines');
  if (lines[0]?.toLowerCase() !== '# disk descriptorfile') refuse('VMDK_DESCRIPTOR', 'first line');
  const meaningful = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const extents = meaningful.filter((line) => EXTENT_START.test(line));
  const pairs = new Map<string, string>();
  for (const line of meaningful) if (!EXTENT_START.test(line)) addPair(pairs, line);
  const createType = CREATE_TYPES.find((type) => type === pairs.get('createtype'));
  if (!pairs.has('createtype')) refuse('VMDK_DESCRIPTOR', 'no createType');
  if (createType === undefined) refuse('VMDK_SUBFORMAT');
  checkIdentity(pairs);
  if (extents.length !== 1) refuse('VMDK_EXTENT', `${extents.length} extents`);
  checkExtent(extents[0] ?? '', capacitySectors);
  return createType;
}
