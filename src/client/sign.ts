// Signatures for whoever calls (RPC, version 1.0) and for whoever reads addresses (V3): the server has its own code for the same rules, and
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
  return {
    ...all,
    Signature: btoa(String.fromCharCode(...(await hmac('SHA-1', text, `${accessKeySecret}&`)))),
  };
};

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** The headers of one GET of an address; each request takes its own. @param nowMs wall clock */
export const signRead = async (
  url: URL,
  { accessKeyId, accessKeySecret }: KeyPair,
  nowMs: number,
): Promise<Readonly<Record<string, string>>> => {
  const sent = {
    'x-acs-action': 'GetImageFile',
    'x-acs-content-sha256': await sha256(''),
    'x-acs-date': `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': crypto.randomUUID(),
    'x-acs-version': '2026-11-24',
  };
  const signed = Object.entries({ host: url.host, ...sent });
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    'GET',
    url.pathname,
    encodeForm(Object.fromEntries(url.searchParams)),
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sent['x-acs-content-sha256'],
  ].join('\n');
  const text = `${ALGORITHM}\n${await sha256(canonical)}`;
  const signature = hexOf(await hmac('SHA-256', text, accessKeySecret));
  return {
    ...sent,
    authorization: `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`,
  };
};

const sha256 = async (text: string): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

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

const hmac = async (hash: string, text: string, secret: string): Promise<Uint8Array> => {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, [
    'sign',
  ]);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(text)));
};
