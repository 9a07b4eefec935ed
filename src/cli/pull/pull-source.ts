// What is pulled, and where its bytes are. Either signed calls say so (the caller's own images and
// families), or the addresses that last do (`--account`, with a read token, a key of that account, or a
// family for everybody).
// Whatever the family names later, a pull stays with the image that it began with.
import { KindredError } from '../../client/kindred-error.ts';
import { signRead, type KeyPair } from '../../client/sign.ts';
import type { Connection } from '../connect.ts';
import { UsageError } from '../usage-error.ts';

export interface PullSource {
  imageId: string;
  device: string;
  /** 64 hexadecimal digits. */
  sha256: string;
  sizeBytes: number;
  format: string;
  /** Of one request. */
  headers(url: URL): Promise<Readonly<Record<string, string>>>;
  /** An address of the bytes that can be read now; signed ones end after a while. */
  url(): Promise<URL>;
}

interface ContentDisk {
  Device: string;
  Type: string;
  Digest: string;
  SizeBytes: number;
  Format: string;
  Url: string;
}

/** @param device of a data disk; undefined: the system disk */
export const signedSource = async (
  connection: Connection,
  regionId: string,
  wanted: string,
  device?: string,
): Promise<PullSource> => {
  const imageId = isImageId(wanted) ? wanted : await headOf(connection, regionId, wanted);
  const disk = async (): Promise<ContentDisk> => {
    const content = await connection.send('DescribeImageContent', {
      RegionId: regionId,
      ImageId: imageId,
    });
    const disks = (content.Disks as { Disk: ContentDisk[] }).Disk;
    return chosen(disks, device, ({ Device, Type }) => [Device, Type]);
  };
  const first = await disk();
  let fresh: ContentDisk | undefined = first;
  return {
    imageId,
    device: first.Device,
    sha256: first.Digest.slice('sha256:'.length),
    sizeBytes: first.SizeBytes,
    format: first.Format,
    headers: () => Promise.resolve({}),
    async url() {
      const { Url } = fresh ?? (await disk());
      fresh = undefined;
      return new URL(Url, connection.settings.endpoint);
    },
  };
};

export const isImageId = (text: string): boolean => /^m-[0-9a-z]{1,60}$/.test(text);

const headOf = async (connection: Connection, regionId: string, family: string) => {
  const answer = await connection.send('DescribeImageFromFamily', {
    RegionId: regionId,
    ImageFamily: family,
  });
  const { ImageId } = answer.Image as { ImageId?: string };
  if (ImageId === undefined)
    throw new KindredError(
      'EmptyFamily',
      `no image of the family ${family} is Available in ${regionId}.`,
    );
  return ImageId;
};

interface LatestDisk {
  device: string;
  type: string;
  url: string;
  sha256: string;
  size: number;
  format: string;
}

export interface FamilyAddress {
  endpoint: string;
  account: string;
  regionId: string;
  family: string;
  token?: string;
  /** Without a token the requests are signed: the account's own families are open to its keys. */
  key?: KeyPair;
}

/** By `latest.json` of the family. */
export const addressedSource = async (
  { endpoint, account, regionId, family, token, key }: FamilyAddress,
  device?: string,
): Promise<PullSource> => {
  const headers = async (url: URL) => {
    if (token !== undefined) return { authorization: `Bearer ${token}` };
    return key === undefined ? {} : signRead(url, key, Date.now());
  };
  const parts = [account, regionId, family].map(encodeURIComponent).join('/');
  const address = new URL(`/families/${parts}/latest.json`, endpoint);
  const response = await fetch(address, { headers: await headers(address) }).catch(
    (cause: unknown) => {
      throw new KindredError('EndpointUnreachable', `${endpoint} does not answer.`, { cause });
    },
  );
  if (!response.ok)
    throw new KindredError(
      'EmptyFamily',
      `${address.href} answered HTTP ${response.status}: the family has no image, or is not open to you (--token, or a key of that account).`,
      { status: response.status },
    );
  const { imageId, disks } = (await response.json()) as { imageId: string; disks: LatestDisk[] };
  const disk = chosen(disks, device, (one) => [one.device, one.type]);
  return {
    imageId,
    device: disk.device,
    sha256: disk.sha256,
    sizeBytes: disk.size,
    format: disk.format,
    headers,
    // The path is what counts: the server may be reached under another name than it believes.
    url: () => Promise.resolve(new URL(new URL(disk.url, endpoint).pathname, endpoint)),
  };
};

const chosen = <T>(
  disks: readonly T[],
  device: string | undefined,
  nameOf: (disk: T) => readonly [device: string, type: string],
): T => {
  const found = disks.find((disk) =>
    device === undefined ? nameOf(disk)[1] === 'system' : nameOf(disk)[0] === device,
  );
  if (found !== undefined) return found;
  const names = disks.map((disk) => nameOf(disk)[0]).join(', ');
  throw new UsageError(
    names === ''
      ? 'the image has no bytes.'
      : `the image has no disk ${device ?? 'of the system'} with bytes; it has ${names}.`,
  );
};
