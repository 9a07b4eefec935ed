import { randomUUID } from 'node:crypto';
import { formatSeconds } from '../lib/clock.ts';
import { signV1, stringToSignV1 } from '../wire/signature-v1.ts';
import type { WireRequest } from '../wire/request.ts';

export interface SignOptions {
  accessKeyId: string;
  accessKeySecret: string;
  version: string;
  action: string;
  nowMs: number;
  format?: string;
  nonce?: string;
}

/** A GET with a V1 signature, for tests through `handle()`; the official signers are the oracle elsewhere. */
export const signedRequest = (
  parameters: Readonly<Record<string, string>>,
  options: SignOptions,
): WireRequest => {
  const all: Record<string, string> = {
    ...parameters,
    Action: options.action,
    Version: options.version,
    Format: options.format ?? 'JSON',
    AccessKeyId: options.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: options.nonce ?? randomUUID(),
    Timestamp: formatSeconds(options.nowMs),
  };
  const named = Object.entries(all).map(([name, value]) => ({ name, value }));
  const signature = signV1(stringToSignV1('GET', named), options.accessKeySecret, 'HMAC-SHA1');
  const query = [...named, { name: 'Signature', value: signature }]
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return {
    method: 'GET',
    target: `/?${query}`,
    rawHeaders: ['Host', '127.0.0.1:5260'],
    body: new Uint8Array(0),
    remoteAddress: '127.0.0.1',
  };
};
