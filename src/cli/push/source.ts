// What is pushed: a file of this machine, or what lies at a URL. Read in order from any byte on, in
// bounded memory, and told apart from what it was before by its identity.
import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { Passing, PushFailed } from './push-failed.ts';

const READ_BYTES = 256 * 1024;

export interface Source {
  /** For people, without secrets. */
  label: string;
  fileName: string;
  sizeBytes: number;
  /** Another one for another content, as far as can be told without reading it. */
  identity: string;
  /** The bytes from `from` on. @throws Passing when the line breaks, PushFailed when it has changed */
  read(from: number): AsyncIterable<Uint8Array>;
  /** @throws PushFailed when it is no longer what it was */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

export const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

export const openSource = (text: string): Promise<Source> =>
  isUrl(text) ? openUrl(text) : openFile(text);

const openFile = async (path: string): Promise<Source> => {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new PushFailed(`${path} cannot be read (${error.code})`);
  });
  const stateOf = async (): Promise<string> => {
    const found = await handle.stat({ bigint: true });
    return `${found.size}:${found.mtimeNs}`;
  };
  const found = await handle.stat();
  if (!found.isFile()) throw new PushFailed(`${path} is not a file`);
  if (found.size === 0) throw new PushFailed(`${path} is empty`);
  const state = await stateOf();
  return {
    label: basename(path),
    fileName: basename(path),
    sizeBytes: found.size,
    identity: `file:${await realpath(path)}:${state}`,
    async *read(from) {
      for (let at = from; ;) {
        const piece = Buffer.allocUnsafeSlow(READ_BYTES);
        const { bytesRead } = await handle.read(piece, 0, READ_BYTES, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield piece.subarray(0, bytesRead);
      }
    },
    async assertUnchanged() {
      if ((await stateOf()) !== state)
        throw new PushFailed(`${path} was changed while it was pushed; push it again`);
    },
    close: () => handle.close(),
  };
};

const openUrl = async (text: string): Promise<Source> => {
  const url = new URL(text);
  const { username, password } = url;
  const plain: Record<string, string> = { 'accept-encoding': 'identity' };
  if (username || password) {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    plain.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = url.password = '';
  }
  const label = `${url.origin}${url.pathname}`;
  const first = await get(url, { ...plain, range: 'bytes=0-0' }, label);
  await first.body?.cancel();
  const total = /\/(\d{1,15})$/.exec(first.headers.get('content-range') ?? '')?.[1];
  const sizeBytes = Number(first.status === 206 ? total : first.headers.get('content-length'));
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0)
    throw new PushFailed(`${label} does not say how long it is; download it and push the file`);
  const validator = validatorOf(first);
  const changed = (): PushFailed => new PushFailed(`${label} has changed; push it again`);
  return {
    label,
    fileName: decodeURIComponent(basename(url.pathname)) || 'disk',
    sizeBytes,
    identity: `url:${createHash('sha256').update(text).digest('hex')}:${sizeBytes}:${validator}`,
    async *read(from) {
      const response = await get(url, { ...plain, range: `bytes=${from}-` }, label);
      if (validatorOf(response) !== validator) throw changed();
      // A server that knows no ranges sends the beginning again.
      let skip = response.status === 206 ? 0 : from;
      try {
        for await (const chunk of response.body ?? []) {
          if (skip < chunk.length) yield chunk.subarray(skip);
          skip = Math.max(0, skip - chunk.length);
        }
      } catch (error) {
        throw new Passing(`the download of ${label} broke off`, { cause: error });
      }
    },
    assertUnchanged: async () => undefined,
    close: async () => undefined,
  };
};

const validatorOf = ({ headers }: Response): string =>
  headers.get('etag') ?? headers.get('last-modified') ?? '';

const get = async (url: URL, headers: Record<string, string>, label: string): Promise<Response> => {
  const response = await fetch(url, { headers }).catch((error: unknown) => {
    throw new Passing(`${label} cannot be fetched`, { cause: error });
  });
  if (response.ok) return response;
  await response.body?.cancel();
  const text = `${label} answers HTTP ${response.status}`;
  throw response.status >= 500 ? new Passing(text) : new PushFailed(text);
};
