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

/** From here on bytes are written one by one, which is faster than replacing in a text that grows. */
const LONG = 512;

const isUnreserved = Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? unreserved.test(String.fromCharCode(byte)) : false,
);
const HEX = Buffer.from('0123456789ABCDEF');
const ONCE_ENCODED_PERCENT = Buffer.from('%25');

/** `percentEncode` of `percentEncode`: the second time only `%` is left to encode. */
export function percentEncodeTwice(text: string): string {
  if (unreserved.test(text)) return text;
  if (text.length >= LONG) return encodeLong(Buffer.from(text));
  return percentEncode(text).replaceAll('%', '%25');
}

function encodeLong(bytes: Uint8Array): string {
  const encoded = Buffer.allocUnsafe(bytes.length * 5);
  let length = 0;
  for (const byte of bytes) {
    if (isUnreserved[byte] === true) encoded[length++] = byte;
    else {
      encoded[length++] = ONCE_ENCODED_PERCENT[0]!;
      encoded[length++] = ONCE_ENCODED_PERCENT[1]!;
      encoded[length++] = ONCE_ENCODED_PERCENT[2]!;
      encoded[length++] = HEX[byte >> 4]!;
      encoded[length++] = HEX[byte & 15]!;
    }
  }
  return encoded.toString('latin1', 0, length);
}
