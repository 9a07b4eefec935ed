// RPC signatures, version 1.0, for whoever calls: the server has its own code for the same rules, and
// the tests hold one against the other. WebCrypto, so that a browser can sign too (on HTTPS and on
// localhost, where it has `crypto.subtle`).

export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Every text of a call; the signature is made over all of them. */
export type WireParameters = Readonly<Record<string, string>>;

/** The parameters of a signed call, with its Signature. @param nowMs wall clock */
export const signCall = async (
  parameters: WireParameters,
  { accessKeyId, accessKeySecret }: KeyPair,
  nowMs: number,
): Promise<WireParameters> => {
  const all: WireParameters = {
    ...parameters,
    Format: 'JSON',
    AccessKeyId: accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: crypto.randomUUID(),
    Timestamp: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
  };
  const text = stringToSign('POST', all);
  return { ...all, Signature: await hmacSha1(text, `${accessKeySecret}&`) };
};

/** `name=value&…`, strictly encoded, in order of names. */
export const encodeForm = (parameters: WireParameters): string =>
  Object.keys(parameters)
    .toSorted()
    .map((name) => `${encode(name)}=${encode(parameters[name]!)}`)
    .join('&');

const stringToSign = (method: string, parameters: WireParameters): string =>
  `${method}&%2F&${encode(encodeForm(parameters))}`;

/** All but `A-Z a-z 0-9 - _ . ~`; a lone surrogate becomes U+FFFD, as on the wire. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const hmacSha1 = async (text: string, secret: string): Promise<string> => {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, [
    'sign',
  ]);
  const signature = await crypto.subtle.sign('HMAC', key, bytes.encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
};
