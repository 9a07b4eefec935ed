// `s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=…`: where blobs lie in S3-compatible storage.
// Plain data that crosses threads and may be shown. Credentials are never part of it: they come from
// where every AWS program looks for them (AWS_ACCESS_KEY_ID and so on, or the shared files).

export interface S3Settings {
  bucket: string;
  /** Empty, or ends with `/`. */
  prefix: string;
  endpoint?: string;
  region: string;
  forcePathStyle: boolean;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/;
const KEYS = ['endpoint', 'region', 'forcePathStyle'];
const DEFAULT_REGION = 'us-east-1';

/** The settings, or one sentence about what is wrong with the address. */
export const parseS3Address = (address: string, defaultRegion?: string): S3Settings | string => {
  if (!address.startsWith('s3://') || !URL.canParse(address))
    return 'it must read s3://bucket/prefix?endpoint=…';
  const url = new URL(address);
  if (url.username !== '' || url.password !== '')
    return 'credentials do not belong into the address; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
  const unknown = [...url.searchParams.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return `it has the unknown part ${unknown}; known: ${KEYS.join(', ')}`;
  if (!BUCKET.test(url.host)) return `${url.host} is no name of a bucket`;
  const path = url.pathname.replace(/^\/|\/$/g, '');
  if (path !== '' && (!PREFIX.test(path) || /\/\/|(^|\/)\.\.?(\/|$)/.test(path)))
    return 'the prefix takes letters, digits, and . _ - /';
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !isEndpoint(endpoint))
    return 'endpoint must be http://HOST:PORT or https://HOST:PORT';
  const style = url.searchParams.get('forcePathStyle');
  if (style !== null && style !== 'true' && style !== 'false')
    return 'forcePathStyle must be true or false';
  return {
    bucket: url.host,
    prefix: path === '' ? '' : `${path}/`,
    region: url.searchParams.get('region') ?? defaultRegion ?? DEFAULT_REGION,
    // What people host themselves has no name for each bucket.
    forcePathStyle: style === null ? endpoint !== undefined : style === 'true',
    ...(endpoint !== undefined && { endpoint }),
  };
};

/** Whether one of two places lies in the other, as far as their addresses tell. */
export const overlap = (a: S3Settings, b: S3Settings): boolean =>
  a.bucket === b.bucket &&
  a.endpoint === b.endpoint &&
  (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix));

/** As it is shown to people. */
export const s3Address = ({ bucket, prefix }: S3Settings): string => `s3://${bucket}/${prefix}`;

const isEndpoint = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}` === '';
};
