// The client's half of an upload: asks the secret URL how far it is and sends the rest, by tus, in one
// request whose body is read as fast as it is sent.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { Passing, PushFailed } from './push-failed.ts';

const TUS = { 'tus-resumable': '1.0.0' };
/** No answer for so long is a broken line; the last one may wait for a check of the whole. */
const ANSWER_MS = 15 * 60_000;
const SILENCE_MS = 60_000;

/** The URL opens nothing any more: the upload has expired or was deleted. */
export class UploadGone extends Error {
  override readonly name = 'UploadGone';
}

interface Answer {
  status: number;
  offset: number;
  text: string;
}

/** @throws Passing, UploadGone, PushFailed */
export const uploadOffset = async (url: URL): Promise<number> =>
  checked(await exchange(url, 'HEAD', {})).offset;

/** Sends the body from `offset` on. @returns how far the upload is then */
export const sendFrom = async (
  url: URL,
  offset: number,
  sizeBytes: number,
  body: AsyncIterable<Uint8Array>,
): Promise<number> => {
  const headers = {
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
    'content-length': String(sizeBytes - offset),
  };
  return checked(await exchange(url, 'PATCH', headers, body)).offset;
};

const checked = (answer: Answer): Answer => {
  const { status, text } = answer;
  if (status === 200 || status === 204) return answer;
  if (status === 404) throw new UploadGone('the upload is gone');
  if (status === 410) throw new PushFailed(text || 'the upload was refused');
  if (status === 409 || status === 423 || (status >= 500 && status !== 507))
    throw new Passing(`the server answers ${status} to the upload`);
  throw new PushFailed(`the server refuses the upload (${status}): ${text}`);
};

const exchange = (
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: AsyncIterable<Uint8Array>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(url, { method, headers: { ...TUS, ...headers } });
    const source = body && Readable.from(body, { objectMode: true, highWaterMark: 1 });
    const fail = (error: unknown): void => {
      source?.destroy();
      request.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    request.setTimeout(SILENCE_MS, () => fail(new Passing('the server is silent')));
    request.once('error', (error) =>
      fail(new Passing(`the line to the server broke (${error.message})`, { cause: error })),
    );
    request.once('response', (response) => {
      readAnswer(response).then((answer) => {
        source?.destroy();
        resolve(answer);
      }, fail);
    });
    if (source === undefined) return void request.end();
    source.once('error', fail);
    source.once('end', () => request.setTimeout(ANSWER_MS));
    source.pipe(request);
  });

const MAX_TEXT = 1_000;

const readAnswer = async (response: IncomingMessage): Promise<Answer> => {
  let text = '';
  try {
    for await (const chunk of response) if (text.length < MAX_TEXT) text += String(chunk);
  } catch (error) {
    throw new Passing('the line to the server broke', { cause: error });
  }
  const offset = Number(response.headers['upload-offset'] ?? NaN);
  return { status: response.statusCode ?? 0, offset, text: text.trim() };
};
