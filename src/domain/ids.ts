// Identifiers in the vendor's form: a prefix and 20 characters of [0-9a-z], of which the first three
// tell the region. 17 random characters are 87 bits; an id is never used twice (see tombstone).
import type { Random } from '../lib/random.ts';

export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** The 16-digit UID of an account, as text. */
export type AccountId = Brand<string, 'AccountId'>;
/** `cn-hangzhou` */
export type RegionId = Brand<string, 'RegionId'>;
/** `m-…` */
export type ImageId = Brand<string, 'ImageId'>;
/** `s-…` */
export type SnapshotId = Brand<string, 'SnapshotId'>;
/** `t-…` */
export type TaskId = Brand<string, 'TaskId'>;
/** `u-…` */
export type UploadId = Brand<string, 'UploadId'>;
/** `sha256:<64 hex>` */
export type Digest = Brand<string, 'Digest'>;

interface PrefixOf {
  'm-': ImageId;
  's-': SnapshotId;
  't-': TaskId;
  'u-': UploadId;
  /** Instance, disk, network interface, security group and rule of one, elastic address, VPC, vSwitch,
   * router and route table. */
  'i-': string;
  'd-': string;
  'eni-': string;
  'sg-': string;
  'sgr-': string;
  'eip-': string;
  'vpc-': string;
  'vsw-': string;
  'vrt-': string;
  'vtb-': string;
  /** Key pair (an id behind its name), image component, image pipeline, execution, resource group. */
  'ssh-': string;
  'ic-': string;
  'ip-': string;
  'exec-': string;
  'rg-': string;
  /** Verification. */
  'v-': string;
}
export type IdPrefix = keyof PrefixOf;

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Draws `count` characters of the alphabet without bias (bytes of 252 and more are thrown away). */
export const drawText = (random: Random, alphabet: string, count: number): string => {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < count) {
    for (const byte of random.bytes(count + 8)) {
      if (byte < limit && text.length < count) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
};

/** A new id of the kind that `prefix` names, for a region with the three-character code `regionCode`. */
export const newId = <P extends IdPrefix>(
  random: Random,
  prefix: P,
  regionCode: string,
): PrefixOf[P] => `${prefix}${regionCode}${drawText(random, ALPHABET, 17)}` as PrefixOf[P];

/** A new account UID: 16 digits, the first not zero. */
export const newAccountId = (random: Random): AccountId =>
  `1${drawText(random, '0123456789', 15)}` as AccountId;

/** The id of a RAM user or role: 18 digits, of which the first tells which of them it is. */
export const newRamId = (random: Random, entityType: 'user' | 'role'): string =>
  `${entityType === 'user' ? 2 : 3}${drawText(random, '0123456789', 17)}`;

/** The id of a group of RAM users: `g-` and 16 letters and digits. */
export const newRamGroupId = (random: Random): string => `g-${drawText(random, KEY_ALPHABET, 16)}`;

/** Letters and digits, for what people copy. */
export const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new temporary pair, told by the beginning of its id. */
export const newTemporaryKeyPair = (
  random: Random,
): { accessKeyId: string; accessKeySecret: string } => ({
  accessKeyId: `STS.${drawText(random, KEY_ALPHABET, 25)}`,
  accessKeySecret: drawText(random, KEY_ALPHABET, 44),
});

/** A new AccessKey pair: id `LTAI` + 20 characters, secret 30 characters (178 bits). */
export const newAccessKeyPair = (
  random: Random,
): { accessKeyId: string; accessKeySecret: string } => ({
  accessKeyId: `LTAI${drawText(random, KEY_ALPHABET, 20)}`,
  accessKeySecret: drawText(random, KEY_ALPHABET, 30),
});
