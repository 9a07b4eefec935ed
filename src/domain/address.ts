// Addresses that last: `/families/<account>/<region>/<family>/latest` and `/images/<image>/<file>`. The
// words, how files are called, and the text whose signature a publisher stores. Who may read is decided
// here too, in one place: `mayRead`.
import type { Blob } from './blob.ts';
import type { AccountId, Digest, ImageId, RegionId } from './ids.ts';
import type { Image, ImageDisk } from './image.ts';
import type { FamilyScope } from './address-tx.ts';
import type { ReadTx, Tx } from './tx.ts';

/** A secret that opens the addresses of one family for reading; only its hash is kept. */
export interface FamilyReadToken extends FamilyScope {
  tokenId: string;
  description: string;
  creationMs: number;
  /** Null: until it is deleted. */
  expiresMs: number | null;
  /** To the minute; null while it was never used. */
  lastUsedMs: number | null;
}

export const MAX_READ_TOKENS_PER_FAMILY = 50;

/** An image that a family named until `untilMs`, with the file that `latest` led to. */
export interface FormerHead extends FamilyScope {
  imageId: ImageId;
  fileName: string;
  digest: Digest;
  /** CreationTime of the image. */
  creationMs: number;
  untilMs: number;
}

/**
 * How long a head that was replaced stays readable through its family, whatever becomes of the image:
 * who was sent to it just before must not find it gone. Milliseconds.
 */
export const FORMER_HEAD_MS = 60_000;

export const SIGNATURE_TYPES = ['openpgp', 'ssh'] as const;
export type SignatureType = (typeof SIGNATURE_TYPES)[number];

export interface ImageSignature {
  signatureType: SignatureType;
  /** As it was given, Base64. */
  signature: string;
  creationMs: number;
}

export const MAX_SIGNATURE_BYTES = 16 * 1024;

/** The file that the signature of an image is served as, beside its SHA256SUMS. */
export const SIGNATURE_FILES: Readonly<Record<SignatureType, string>> = {
  openpgp: 'SHA256SUMS.gpg',
  ssh: 'SHA256SUMS.sig',
};

/**
 * What the files of an image are called: its name at acceptance, with `_` for what is no ASCII letter,
 * digit or one of `._-`; its id when nothing would be left. Renaming the image does not change it.
 */
export const fileStemOf = (imageName: string, imageId: ImageId): string => {
  const stem = imageName.replaceAll(/[^A-Za-z0-9._-]/gu, '_');
  return /^[A-Za-z0-9]/.test(stem) ? stem : imageId;
};

/** A disk of an image that has bytes, as a file. */
export interface ImageFile {
  fileName: string;
  disk: ImageDisk;
  blob: Blob;
}

/** `web-1.qcow2` of the system disk, `web-1-xvdb.qcow2` of a data disk. */
const fileNameOf = (stem: string, disk: ImageDisk, format: string): string =>
  disk.diskType === 'system'
    ? `${stem}.${format}`
    : `${stem}-${disk.device.replace('/dev/', '')}.${format}`;

type Named = Pick<Image, 'accountId' | 'regionId' | 'fileStem' | 'disks'>;

/** The files of an image in the order of its disks; data disks that start empty have none. */
export const imageFiles = async (tx: ReadTx, image: Named): Promise<ImageFile[]> => {
  const files: ImageFile[] = [];
  for (const disk of image.disks) {
    const snapshot =
      disk.snapshotId === null ? undefined : await tx.snapshot(image, disk.snapshotId);
    const blob = snapshot?.digest ? await tx.blob(snapshot.digest) : undefined;
    if (blob === undefined) continue;
    files.push({ fileName: fileNameOf(image.fileStem, disk, blob.format), disk, blob });
  }
  return files;
};

/** The file that `latest` leads to: that of the system disk. */
export const systemFile = (files: readonly ImageFile[]): ImageFile | undefined =>
  files.find(({ disk }) => disk.diskType === 'system');

export const hexOfDigest = (digest: Digest): string => digest.slice('sha256:'.length);

/** One line of GNU `sha256sum`, with its line feed. */
export const sumsLine = (digest: Digest, fileName: string): string =>
  `${hexOfDigest(digest)}  ${fileName}\n`;

/**
 * The text of `/images/<id>/SHA256SUMS`, which publishers sign: a line for each file in the order of the
 * disks. Made of what never changes, so it is the same bytes as long as the image exists.
 */
export const sumsText = (files: readonly Pick<ImageFile, 'fileName' | 'blob'>[]): string =>
  files.map(({ fileName, blob }) => sumsLine(blob.digest, fileName)).join('');

/** Remembers for a minute what `latest` led to. Called while the image is still there. */
export const noteFormerHead = async (tx: Tx, family: FamilyScope, image: Image): Promise<void> => {
  const file = systemFile(await imageFiles(tx, image));
  const untilMs = tx.actor.nowMs;
  await tx.deleteFormerHeads(family, untilMs - FORMER_HEAD_MS);
  if (file === undefined) return;
  await tx.insertFormerHead({
    accountId: family.accountId,
    regionId: family.regionId,
    imageFamily: family.imageFamily,
    imageId: image.imageId,
    fileName: file.fileName,
    digest: file.blob.digest,
    creationMs: image.creationMs,
    untilMs,
  });
};

/** Prefix of the tags of an image that are shown to its readers as labels, without the prefix. */
export const LABEL_PREFIX = 'label:';

export const labelsOf = ({ tags }: Pick<Image, 'tags'>): Record<string, string> =>
  Object.fromEntries(
    tags
      .filter(
        ({ tagKey }) => tagKey.startsWith(LABEL_PREFIX) && tagKey.length > LABEL_PREFIX.length,
      )
      .map(({ tagKey, tagValue }) => [tagKey.slice(LABEL_PREFIX.length), tagValue]),
  );

/** A family, and the image of it when the address names one. */
export type Addressed = FamilyScope & { imageId?: ImageId };

/** Who signed with a key of the account. */
export interface Signer {
  accountId: AccountId;
  /** As far as policies say, of a family of the account. */
  mayRead(tx: ReadTx, family: Addressed): Promise<boolean>;
}

/** Who reads an address: nobody in particular, the holder of a token, or somebody of an account. */
export type Reader = { token: FamilyReadToken } | { signer: Signer } | undefined;

/** A family is open to the holder of one of its tokens, to its account, and to everybody when it is public. */
export const mayRead = async (tx: ReadTx, reader: Reader, family: Addressed): Promise<boolean> =>
  (reader !== undefined && (await isFor(tx, reader, family))) || tx.isPublicFamily(family);

const isFor = async (
  tx: ReadTx,
  reader: NonNullable<Reader>,
  family: Addressed,
): Promise<boolean> => {
  if ('token' in reader) return isSameFamily(reader.token, family);
  const { signer } = reader;
  return signer.accountId === family.accountId && (await signer.mayRead(tx, family));
};

const isSameFamily = (one: FamilyScope, other: FamilyScope): boolean =>
  one.accountId === other.accountId &&
  one.regionId === other.regionId &&
  one.imageFamily === other.imageFamily;

/** The account that a part of an address names: by its id or by its alias. */
export const accountOfAddress = async (
  tx: ReadTx,
  text: string,
): Promise<AccountId | undefined> => {
  const isId = /^\d{1,20}$/.test(text);
  const account = isId ? await tx.account(text as AccountId) : await tx.accountByAlias(text);
  return account?.accountId;
};

/** Aliases are never taken for ids: 3 to 63 of `a-z`, `0-9` and `-`, a letter first, no `-` last. */
export const ALIAS_PATTERN = '^[a-z][a-z0-9-]{1,61}[a-z0-9]$';

/** The path of a family's addresses, without the last part. */
export const familyPath = (account: string, regionId: RegionId, imageFamily: string): string =>
  `/families/${account}/${regionId}/${encodeURIComponent(imageFamily)}`;

export const imagePath = (imageId: ImageId, fileName: string): string =>
  `/images/${imageId}/${fileName}`;
