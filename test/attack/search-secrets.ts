// Looks for secrets in bytes, in every form in which a program writes a text down without meaning to.

export interface Secret {
  /** What it is, for the message of a failed test. */
  name: string;
  text: string;
}

export interface Place {
  name: string;
  bytes: Buffer;
}

/** Shorter ones would be found by chance. */
const LEAST_CHARACTERS = 12;

/** The characters of base64 that depend on the secret alone when `before` bytes stand before it. */
const base64At = (bytes: Buffer, before: number): string => {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const first = Math.ceil((before * 8) / 6);
  return whole.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
};

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

/** A secret in the spellings in which it could be written down. */
export const spellings = (secret: string): [spelling: string, bytes: Buffer][] => {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const encoded = encodeURIComponent(secret);
  const texts: [string, string][] = [
    ['text', secret],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['hexadecimal', hex],
    ['HEXADECIMAL', hex.toUpperCase()],
    ['percent-encoded', encoded],
    ['percent-encoded twice', encodeURIComponent(encoded)],
    ...[0, 1, 2].flatMap((before): [string, string][] => [
      [`base64 after ${before} bytes`, base64At(bytes, before)],
      [`base64url after ${before} bytes`, urlSafe(base64At(bytes, before))],
    ]),
  ];
  return [
    ...texts.map(([spelling, text]): [string, Buffer] => [spelling, Buffer.from(text)]),
    ['UTF-16', Buffer.from(secret, 'utf16le')],
  ];
};

/** Where a secret stands in clear, one line a finding. @throws when a secret is too short to be looked for */
export const findSecrets = (places: readonly Place[], secrets: readonly Secret[]): string[] => {
  const wanted = secrets.flatMap(({ name, text }) => {
    if (text.length < LEAST_CHARACTERS) throw new Error(`${name} is missing`);
    return spellings(text).map(([spelling, bytes]) => ({ name, spelling, bytes }));
  });
  return places.flatMap((place) =>
    wanted
      .filter(({ bytes }) => place.bytes.includes(bytes))
      .map(({ name, spelling }) => `${name} stands in ${place.name} as ${spelling}`),
  );
};
