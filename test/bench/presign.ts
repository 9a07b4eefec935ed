// Requests signed by the official signers and written out as the bytes of HTTP/1.1, one use each.
// V1: GET as pop-core's line of clients sends it; V3: POST as the newest Node SDK sends it.
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';

const require = createRequire(import.meta.url);
const core = require('@alicloud/openapi-core') as {
  OpenApiUtil: {
    getRPCSignature(query: Record<string, string>, method: string, secret: string): string;
    getAuthorization(
      request: object,
      algorithm: string,
      payload: string,
      accessKeyId: string,
      secret: string,
    ): string;
  };
};
const { Request } = require('@darabonba/typescript') as {
  Request: new () => {
    method: string;
    pathname: string;
    query: Record<string, string>;
    headers: Record<string, string>;
  };
};

export type Scheme = 'V1' | 'V3';

export interface PresignOptions {
  scheme: Scheme;
  host: string;
  accessKeyId: string;
  accessKeySecret: string;
  regionId: string;
  /** The families asked for, in turn. */
  families: readonly string[];
  count: number;
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const timestamp = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

const encode = (query: Record<string, string>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

export const presign = (options: PresignOptions): Buffer[] => {
  const one = options.scheme === 'V1' ? signedV1 : signedV3;
  const now = timestamp();
  return Array.from({ length: options.count }, (_, index) =>
    one(options, options.families[index % options.families.length]!, now),
  );
};

const signedV1 = (options: PresignOptions, family: string, now: string): Buffer => {
  const query: Record<string, string> = {
    AccessKeyId: options.accessKeyId,
    Action: 'DescribeImageFromFamily',
    Format: 'JSON',
    ImageFamily: family,
    RegionId: options.regionId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomUUID().replaceAll('-', ''),
    SignatureVersion: '1.0',
    Timestamp: now,
    Version: '2014-05-26',
  };
  query.Signature = core.OpenApiUtil.getRPCSignature(query, 'GET', options.accessKeySecret);
  return Buffer.from(
    `GET /?${encode(query)} HTTP/1.1\r\nx-sdk-client: Node.js(v24), @alicloud/pop-core: 1.8.0\r\nuser-agent: AlibabaCloud (linux; x64) Core/1.8.0\r\nx-acs-action: DescribeImageFromFamily\r\nx-acs-version: 2014-05-26\r\nHost: ${options.host}\r\nConnection: keep-alive\r\n\r\n`,
  );
};

const signedV3 = (options: PresignOptions, family: string, now: string): Buffer => {
  const request = new Request();
  request.method = 'POST';
  request.pathname = '/';
  request.query = { ImageFamily: family, RegionId: options.regionId };
  request.headers = {
    host: options.host,
    'x-acs-version': '2014-05-26',
    'x-acs-action': 'DescribeImageFromFamily',
    'user-agent': 'AlibabaCloud (linux; x64) Node.js/v24 Core/1.0.1 TeaDSL/2',
    'x-acs-date': now,
    'x-acs-signature-nonce': randomUUID().replaceAll('-', ''),
    accept: 'application/json',
    'x-acs-content-sha256': EMPTY_SHA256,
    'x-acs-credentials-provider': 'static_ak',
  };
  request.headers.Authorization = core.OpenApiUtil.getAuthorization(
    request,
    'ACS3-HMAC-SHA256',
    EMPTY_SHA256,
    options.accessKeyId,
    options.accessKeySecret,
  );
  const headers = Object.entries(request.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return Buffer.from(
    `POST /?${encode(request.query)} HTTP/1.1\r\n${headers}Connection: keep-alive\r\nContent-Length: 0\r\n\r\n`,
  );
};
