const unreserved = /^[A-Za-z0-9\-_.~]*$/;
const left = /[!'()*]/g;

const toHex = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/**
 * Strict percent-encoding: the UTF-8 bytes of everything but `A-Z a-z 0-9 - _ . ~` become `%XX`.
 * A lone surrogate, which no UTF-8 text can hold, is encoded as U+FFFD.
 */
export function percentEncode(text: string): string {
  if (unreserved.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(left, toHex);
}
