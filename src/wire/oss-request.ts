// One request to the object door as its signature sees it: method, bucket, key, query and headers,
// decoded once. What could be read in two ways is refused here: a parameter or a header that is there
// twice, an escape that is none, text that is not UTF-8.

export interface OssRequest {
  method: string;
  /** Empty for the service itself. */
  bucket: string;
  /** Empty for the bucket itself. */
  key: string;
  /** Host that was called, with its port. */
  host: string;
  query: ReadonlyMap<string, string>;
  /** Lower-case names. */
  headers: ReadonlyMap<string, string>;
}

/** What is malformed, as a sentence. */
export class MalformedOssRequest extends Error {
  override readonly name = 'MalformedOssRequest';
}

const MAX_PARAMETERS = 100;
/** An endpoint on which a name before the first dot is a bucket: the vendor's hosts, and `*.localhost`. */
const VIRTUAL = /^([^.]+)\.((?:[a-z0-9-]+\.)?oss[a-z0-9-]*\..+|localhost)$/;

/** @throws MalformedOssRequest */
export const readOssRequest = (
  method: string,
  target: string,
  rawHeaders: readonly string[],
): OssRequest => {
  const headers = readHeaders(rawHeaders);
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target);
  const host = absolute?.[1] ?? headers.get('host') ?? '';
  const [path, query] = cut(absolute ? absolute[2]! : target, '?');
  const decoded = decode(path.replace(/^\//, ''));
  const virtual = VIRTUAL.exec(host.toLowerCase().replace(/:\d+$/, ''));
  const [bucket, key] = virtual ? [virtual[1]!, decoded] : cut(decoded, '/');
  return { method, bucket, key, host, query: readQuery(query), headers };
};

const cut = (text: string, at: string): [string, string] => {
  const found = text.indexOf(at);
  return found < 0 ? [text, ''] : [text.slice(0, found), text.slice(found + at.length)];
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MalformedOssRequest('The address holds an escape that is not well formed.');
  }
};

const readQuery = (text: string): ReadonlyMap<string, string> => {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [name, value] = cut(pair, '=').map((part) => decode(part.replaceAll('+', ' ')));
    if (query.has(name!)) throw new MalformedOssRequest('A parameter is given twice.');
    if (query.size >= MAX_PARAMETERS)
      throw new MalformedOssRequest('There are too many parameters.');
    query.set(name!, value!);
  }
  return query;
};

/** Node gives bytes of a header as Latin-1; clients sign and send UTF-8. */
const readHeaders = (raw: readonly string[]): ReadonlyMap<string, string> => {
  const headers = new Map<string, string>();
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase();
    if (headers.has(name)) throw new MalformedOssRequest(`The header ${name} is given twice.`);
    headers.set(
      name,
      Buffer.from(raw[at + 1]!, 'latin1')
        .toString()
        .trim(),
    );
  }
  return headers;
};
