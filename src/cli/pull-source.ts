// What is to be pulled, and from where. With an AccessKey: a family or image of the caller, by signed
// calls. With a read token, or of a public family: by its addresses. Either way the answer is one image
// with its sum, and stays that image whatever the family names later.
import { sendCall } from '../client/client.ts';
import type { ClientSettings } from '../client/settings.ts';
import type { PartHeader } from './pull-part.ts';
import { PullRefused, type Source } from './pull-ranges.ts';

export interface Wanted {
  /** A family, `acs:<account>:<family>`, or the id of an image. */
  target: string;
  regionId: string;
  /** Id or alias of the account; its addresses are read, not the API. */
  account?: string;
  token?: string;
  settings: ClientSettings;
}

export interface Found extends PartHeader {
  fileName: string;
  source: Source;
}

const TIMEOUT_MS = 60_000;
const isImageId = (text: string): boolean => /^m-[0-9a-z]{8,40}$/.test(text);

/**
 * @param begun the image that an earlier run began with: it is gone on with as long as it can be read
 * @throws PullRefused, KindredError
 */
export const findSource = async (wanted: Wanted, begun?: PartHeader): Promise<Found> => {
  const shared = /^acs:([^:]+):(.+)$/.exec(wanted.target);
  const account = shared?.[1] ?? wanted.account;
  const isByAddress =
    account !== undefined || wanted.token !== undefined || wanted.settings.key === undefined;
  const find = isByAddress ? byAddress : bySignedCalls;
  const family = shared?.[2] ?? wanted.target;
  const request = { ...wanted, target: family, ...(account === undefined ? {} : { account }) };
  if (begun !== undefined && !isImageId(family)) {
    const same = await find({ ...request, target: begun.imageId }).catch(() => undefined);
    if (same?.sha256 === begun.sha256) return same;
  }
  return find(request);
};

const sourceOf = (
  found: Pick<Found, 'sha256' | 'sizeBytes'>,
  path: string,
  { settings, token }: Wanted,
  renewed?: () => Promise<string>,
): Source => {
  let url = new URL(path, settings.endpoint);
  return {
    url: () => url,
    headers: () => authorization(token),
    etag: `"sha256:${found.sha256}"`,
    sizeBytes: found.sizeBytes,
    async renew() {
      if (renewed === undefined) return false;
      url = new URL(await renewed(), settings.endpoint);
      return true;
    },
  };
};

const authorization = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

interface ContentDisk {
  Digest: string;
  SizeBytes: number;
  Format: string;
  Type: string;
  Url: string;
}

const bySignedCalls = async (wanted: Wanted): Promise<Found> => {
  const { settings, regionId: RegionId, target } = wanted;
  const { key, endpoint } = settings;
  if (key === undefined) throw new PullRefused('There is no AccessKey to sign with.');
  const send = (name: string, input: object) => sendCall({ endpoint, ...key }, name, input);
  let imageId = target;
  if (!isImageId(target)) {
    const answer = await send('DescribeImageFromFamily', { RegionId, ImageFamily: target });
    const image = answer.Image as { ImageId?: string } | undefined;
    if (image?.ImageId === undefined)
      throw new PullRefused(`The family ${target} has no available image in ${RegionId}.`);
    imageId = image.ImageId;
  }
  const describe = async (): Promise<ContentDisk> => {
    const content = await send('DescribeImageContent', { RegionId, ImageId: imageId });
    const { Disk } = content.Disks as { Disk: ContentDisk[] };
    const disk = Disk.find(({ Type }) => Type === 'system');
    if (disk === undefined) throw new PullRefused(`${imageId} has no bytes.`);
    return disk;
  };
  const disk = await describe();
  const found = {
    imageId,
    sha256: disk.Digest.replace('sha256:', ''),
    sizeBytes: disk.SizeBytes,
    fileName: `${imageId}.${disk.Format}`,
  };
  const renewed = async (): Promise<string> => (await describe()).Url;
  return { ...found, source: sourceOf(found, disk.Url, wanted, renewed) };
};

const byAddress = async (wanted: Wanted): Promise<Found> => {
  const { target, regionId, account, token } = wanted;
  if (isImageId(target)) return imageByAddress(wanted);
  if (account === undefined)
    throw new PullRefused(
      'A family is read by address as acs:<account>:<family>, or with --account.',
    );
  const path = `/families/${account}/${regionId}/${encodeURIComponent(target)}/latest.json`;
  const response = await ask(wanted, path);
  if (response.status === 404)
    throw new PullRefused(`${(await errorOf(response)) ?? 'There is no such family.'}`);
  if (!response.ok) throw new PullRefused(await denial(response, token));
  const latest = (await response.json()) as Record<'imageId' | 'sha256' | 'fileName', string> & {
    size: number;
  };
  const { imageId, sha256, fileName } = latest;
  const found = { imageId, sha256, fileName, sizeBytes: latest.size };
  // By its own way to the server: what stands before it may have told it another name.
  return { ...found, source: sourceOf(found, `/images/${imageId}/${fileName}`, wanted) };
};

const imageByAddress = async (wanted: Wanted): Promise<Found> => {
  const { target: imageId, token } = wanted;
  const sums = await ask(wanted, `/images/${imageId}/SHA256SUMS`);
  if (!sums.ok) throw new PullRefused(await denial(sums, token));
  // The system disk comes first.
  const [, sha256, fileName] = /^([0-9a-f]{64}) {2}([\w.-]+)$/m.exec(await sums.text()) ?? [];
  if (sha256 === undefined || fileName === undefined)
    throw new PullRefused(`${imageId} has no bytes.`);
  const path = `/images/${imageId}/${fileName}`;
  const head = await ask(wanted, path, 'HEAD');
  if (!head.ok) throw new PullRefused(await denial(head, token));
  const sizeBytes = Number(head.headers.get('content-length'));
  const found = { imageId, sha256, fileName, sizeBytes };
  return { ...found, source: sourceOf(found, path, wanted) };
};

const ask = async ({ settings, token }: Wanted, path: string, method = 'GET') => {
  try {
    return await fetch(new URL(path, settings.endpoint), {
      method,
      headers: authorization(token),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const { cause, message } = error as Error;
    const why =
      cause instanceof Error
        ? cause.message || String((cause as { code?: unknown }).code)
        : message;
    throw new PullRefused(
      `${settings.endpoint} does not answer: ${why}. Name a server with --url (this one is from ${settings.endpointFrom}).`,
    );
  }
};

const errorOf = async (response: Response): Promise<string | undefined> => {
  const body = (await response.json().catch(() => ({}))) as { error?: unknown };
  return typeof body.error === 'string' ? body.error : undefined;
};

const denial = async (response: Response, token: string | undefined): Promise<string> =>
  response.status === 401
    ? token === undefined
      ? 'The address is not public: give a read token with --token or KINDRED_READ_TOKEN.'
      : 'The server does not know the token (any more): it has ended or was deleted.'
    : `${(await errorOf(response)) ?? `The server answered ${response.status}.`}`;
