// Other ids, and on request other names, in a seed that was read from a real account. A pseudonym is a hash
// under a key that is drawn for each file and kept nowhere: the same text becomes the same within the file,
// and nobody can try texts against it.
import { createHmac, randomBytes } from 'node:crypto';
import { isRecord } from '../../lib/check-json.ts';

export type Anonymity = 'ids' | 'names';

/** Members that are texts of people, and how their pseudonyms begin. */
const NAMES: Readonly<Record<string, string>> = {
  ImageName: 'image-',
  ImageFamily: 'family-',
  ImageVersion: 'version-',
  Key: 'key-',
  Value: 'value-',
};
/** Ids of images, snapshots and accounts. */
const IDS = /^([ms]-)([0-9a-z]{4,60})$|^[1-9]\d{15}$/g;
/** The same within other texts, which are often made of them. */
const IDS_WITHIN = /\b([ms]-)([0-9a-z]{17,60})\b|\b[1-9]\d{15}\b/g;
const ID_MEMBERS: ReadonlySet<string> = new Set(['ImageId', 'SnapshotId', 'AccountId']);
/** Of an id: tells the region, as the region itself does. */
const REGION_CODE = 3;

export const anonymise = (
  seed: unknown,
  anonymity: Anonymity,
  key: Uint8Array = randomBytes(32),
): unknown => {
  const digits = (text: string, radix: number, count: number): string =>
    BigInt(`0x${createHmac('sha256', key).update(text).digest('hex')}`)
      .toString(radix)
      .padStart(count, '0')
      .slice(-count);
  const withoutIds = (ids: RegExp, text: string): string =>
    text.replaceAll(ids, (id: string, prefix: string | undefined, rest = '') =>
      prefix === undefined
        ? `1${digits(id, 10, 15)}`
        : `${prefix}${rest.slice(0, REGION_CODE)}${digits(id, 36, 17)}`,
    );
  const textOf = (name: string, text: string): string => {
    const prefix = anonymity === 'names' && Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (prefix === undefined || text === '')
      return withoutIds(ID_MEMBERS.has(name) ? IDS : IDS_WITHIN, text);
    return `${prefix}${digits(`${prefix}${text}`, 36, 10)}`;
  };
  const walk = (name: string, value: unknown): unknown => {
    if (typeof value === 'string') return textOf(name, value);
    if (Array.isArray(value)) return value.map((one) => walk(name, one));
    if (!isRecord(value)) return value;
    const members = Object.entries(value).filter(
      ([member]) => anonymity !== 'names' || member !== 'Description',
    );
    return Object.fromEntries(members.map(([member, inner]) => [member, walk(member, inner)]));
  };
  return walk('', seed);
};
