// Who a request says that it comes from, as text and unchecked: enough to find the world that will look
// closer. Nothing here decides what anybody may do.
import type { IncomingMessage } from 'node:http';

/** An access key id in an Authorization header or a query: V1, V3, and the versions of the object door. */
const IN_HEADER = /(?:Credential=|^OSS )([^,/:\s]{1,128})/;
const IN_QUERY = /[?&](?:AccessKeyId|OSSAccessKeyId|x-oss-credential)=([^&]{1,384})/;
const IN_FORM = /(?:^|&)AccessKeyId=([^&]{1,384})/;

/** The id in the head of a request, or in the form that it brings. */
export const claimedKey = (
  target: string,
  rawHeaders: readonly string[],
  body: Uint8Array = new Uint8Array(0),
): string | undefined => {
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]!.toLowerCase() === 'authorization') {
      const found = IN_HEADER.exec(rawHeaders[at + 1]!)?.[1];
      if (found !== undefined) return found;
    }
  const given =
    IN_QUERY.exec(target)?.[1] ?? IN_FORM.exec(Buffer.from(body).toString('latin1'))?.[1];
  return given === undefined ? undefined : decoded(given)?.split('/')[0];
};

/** The secret part of an address that a call gave out; undefined for every other path. */
export const claimedAddress = ({ url = '' }: Pick<IncomingMessage, 'url'>): string | undefined =>
  url.startsWith('/uploads/') || (url.startsWith('/images/') && url.includes('Signature='))
    ? url
    : undefined;

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
