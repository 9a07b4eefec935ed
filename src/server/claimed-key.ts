import type { WireRequest } from '../wire/request.ts';

/** Ids are shorter. */
const MAX_ID = 128;
/** Of a form: how much of it is searched. */
const MAX_SEARCHED_BYTES = 64 * 1024;

const CREDENTIAL = /Credential=([^,\s]{1,128})/;
const PARAMETER = 'AccessKeyId=';

/**
 * The AccessKeyId that a request names, unproven, as it stands in the V3 header, the query or the form.
 * It parses nothing: for the order of those who wait, and for nothing else.
 */
export const claimedKey = ({ target, rawHeaders, body }: WireRequest): string | undefined => {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 13 && name.toLowerCase() === 'authorization')
      return CREDENTIAL.exec(rawHeaders[at + 1]!)?.[1];
  }
  const found = parameterIn(target, /[?&]/);
  if (found !== undefined || body.length === 0) return found;
  const form = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, MAX_SEARCHED_BYTES));
  const at = form.indexOf(PARAMETER);
  if (at < 0) return undefined;
  const start = Math.max(0, at - 1);
  return parameterIn(form.toString('latin1', start, at + PARAMETER.length + MAX_ID + 1), /&/);
};

const parameterIn = (text: string, separator: RegExp): string | undefined => {
  const at = text.indexOf(PARAMETER);
  if (at < 0 || (at > 0 && !separator.test(text[at - 1]!))) return undefined;
  const start = at + PARAMETER.length;
  const end = text.indexOf('&', start);
  const id = text.slice(start, end < 0 ? undefined : end);
  return id.length > 0 && id.length <= MAX_ID ? id : undefined;
};
