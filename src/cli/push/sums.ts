// The line of a SHA256SUMS file that is about the source: `<hex>  name`, `<hex> *name`, or the BSD form.
import { readFile } from 'node:fs/promises';
import { PushFailed } from './push-failed.ts';
import { isUrl } from './source.ts';

const MAX_BYTES = 2 ** 20;

/** @returns 64 hexadecimal digits @throws PushFailed when there is no such line, or two that differ */
export const sumIn = (text: string, fileName: string, from: string): string => {
  const found = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const gnu = /^\\?([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/i.exec(line);
    const bsd = /^SHA256 \((.+)\) = ([0-9a-f]{64})$/i.exec(line);
    const [sum, name] = gnu ? [gnu[1], gnu[2]] : [bsd?.[2], bsd?.[1]];
    if (sum !== undefined && name === fileName) found.add(sum.toLowerCase());
  }
  const [sum, another] = found;
  if (sum === undefined || another !== undefined)
    throw new PushFailed(
      `${from} has ${sum === undefined ? 'no line' : 'lines that differ'} for ${fileName}; nothing was sent`,
    );
  return sum;
};

/** @param from a file or a URL */
export const readSums = async (from: string): Promise<string> => {
  if (!isUrl(from))
    return readFile(from, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new PushFailed(`${from} cannot be read (${error.code})`);
    });
  const response = await fetch(from).catch((error: unknown) => {
    throw new PushFailed(`${from} cannot be fetched`, { cause: error });
  });
  if (!response.ok) throw new PushFailed(`${from} answers HTTP ${response.status}`);
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.length > MAX_BYTES) throw new PushFailed(`${from} is too long for a list of sums`);
  }
  return text;
};
