// What RAM calls the operations of the object door, and whether the caller may. What is not in the table
// nobody but root may; a test holds it against the list of what is served.
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../domain/account.ts';
import type { House } from '../house.ts';
import { OssError } from './error.ts';

/** Operation → the action that a policy names. */
export const OSS_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['ListBuckets', 'oss:ListBuckets'],
  ['PutBucket', 'oss:PutBucket'],
  ['DeleteBucket', 'oss:DeleteBucket'],
  ['GetBucketAcl', 'oss:GetBucketAcl'],
  ['PutBucketAcl', 'oss:PutBucketAcl'],
  ['GetBucketInfo', 'oss:GetBucketInfo'],
  ['GetBucketLocation', 'oss:GetBucketLocation'],
  ['ListObjects', 'oss:ListObjects'],
  ['ListObjectsV2', 'oss:ListObjects'],
  ['ListMultipartUploads', 'oss:ListMultipartUploads'],
  ['ListParts', 'oss:ListParts'],
  ['AbortMultipartUpload', 'oss:AbortMultipartUpload'],
  ['InitiateMultipartUpload', 'oss:PutObject'],
  ['UploadPart', 'oss:PutObject'],
  ['UploadPartCopy', 'oss:PutObject'],
  ['CompleteMultipartUpload', 'oss:PutObject'],
  ['CopyObject', 'oss:PutObject'],
  ['PutObject', 'oss:PutObject'],
  ['GetObject', 'oss:GetObject'],
  ['HeadObject', 'oss:GetObject'],
  ['GetObjectMeta', 'oss:GetObject'],
  ['GetObjectAcl', 'oss:GetObjectAcl'],
  ['PutObjectAcl', 'oss:PutObjectAcl'],
  ['DeleteObject', 'oss:DeleteObject'],
  ['DeleteMultipleObjects', 'oss:DeleteObject'],
]);

/** The things that these touch stand in the body: they ask for each themselves. */
export const ASK_THEMSELVES: ReadonlySet<string> = new Set(['DeleteMultipleObjects']);

/** @throws OssError unless the caller may do it with every one: `<bucket>`, `<bucket>/<key>` or `*` */
export type Permit = (action: string | undefined, resources: readonly string[]) => Promise<void>;

const NOBODY = 'No policy can allow this; use a root key of the account.';
const DENIED = 'You have no right to do this; a policy has to allow it.';

export const makePermit = (house: House, caller: Caller, incoming: IncomingMessage): Permit => {
  const sourceIp = incoming.socket.remoteAddress;
  const isSecure = 'encrypted' in incoming.socket;
  return async (action, resources) => {
    if (caller.principal.kind === 'root') return;
    if (action === undefined) throw new OssError('AccessDenied', NOBODY);
    const { denialFor, detailOf } = await import('../policies.ts');
    const things = resources.map((one) => ({ resource: `acs:oss::${caller.accountId}:${one}` }));
    const ask = { action, things, makes: true, requestTags: new Map(), sourceIp, isSecure };
    const view = { ...house.settings, nowMs: house.clocks.wallMs() };
    const denial = await house.store.read((tx) => denialFor(tx, caller, ask, view));
    if (denial === undefined) return;
    throw new OssError('AccessDenied', DENIED, { AccessDeniedDetail: detailOf(caller, denial) });
  };
};
