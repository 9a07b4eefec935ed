import type { IncomingMessage } from 'node:http';

/** A value holds no bare `=`, so that these can only be names of parameters. */
const IN_QUERY = ['OSSAccessKeyId=', 'x-oss-credential=', 'x-oss-signature-version='];

/**
 * Whether a request carries credentials of the object door, which decides who answers it, whatever its
 * path. Looks at the raw list: Node builds its object of headers only when somebody asks for it.
 */
export const isOssRequest = ({
  url,
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'rawHeaders'>): boolean => {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue;
    const value = rawHeaders[at + 1]!;
    if (value.startsWith('OSS ') || value.startsWith('OSS4-HMAC-SHA256')) return true;
  }
  return url !== undefined && IN_QUERY.some((name) => url.includes(name));
};
