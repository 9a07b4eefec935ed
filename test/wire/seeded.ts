// A small deterministic source of choices, and the texts that break percent-encoders.

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export type Random = () => number;

export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** An integer from 0 to below the limit. */
export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export const pick = <T>(random: Random, values: readonly T[]): T => {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

export const nastyTexts: readonly string[] = [
  'a b',
  ' leading and trailing ',
  'a+b',
  '+',
  '*',
  '~',
  "!'()",
  '%',
  '%2F%20+%zz',
  '%25',
  'a&b=c',
  '==',
  'dir/sub//img.raw',
  '"double" \'single\' `back`',
  '中文镜像',
  '日本語・한국어',
  '🚀👩‍👩‍👧‍👦',
  'line1\nline2',
  'crlf\r\n\ttab',
  '',
  '{"ImdsSupport":"v2","list":[1,2,"a/b c"]}',
  '[{"Key":"a","Value":"b&c"}]',
  'caf\u00e9', // NFC
  'cafe\u0301', // NFD
  '\ufeffbyte order mark',
  'line\u2028separator\u00a0space\u200b',
  '\ufffd',
  '\u007f\u0001',
  'عربي שלום',
  '<xml attr="1">&amp;</xml>',
  "' OR '1'='1",
  "'; DROP TABLE image; --",
  "x' UNION SELECT sealed_secret FROM access_key --",
  '#?;:@,$[]|\\^{}',
  '__proto__',
  'acs:ubuntu_22.04-x64',
  '00',
  'null',
  'x'.repeat(1000),
  '长'.repeat(100),
  'A'.repeat(63) + '/+='.repeat(40),
];

const alphabet = Array.from('abcXYZ019-_.~ +*/%&=!\'()"#?\n中é🚀');

/** A nasty text: from the list, or some characters of a nasty alphabet. */
export const nastyText = (random: Random): string =>
  random() < 0.6
    ? pick(random, nastyTexts)
    : Array.from({ length: 1 + below(random, 12) }, () => pick(random, alphabet)).join('');
