// What the object door serves. The first that fits a request answers it: those with a header or a
// parameter of their own stand before those without.
import {
  DeleteBucket,
  GetBucketAcl,
  GetBucketInfo,
  GetBucketLocation,
  ListBuckets,
  PutBucket,
  PutBucketAcl,
} from './operations/buckets.ts';
import { CopyObject } from './operations/copy-object.ts';
import { DeleteMultipleObjects, DeleteObject } from './operations/delete-object.ts';
import { GetObject, GetObjectMeta, HeadObject } from './operations/get-object.ts';
import { GetObjectAcl } from './operations/GetObjectAcl.ts';
import { ListMultipartUploads } from './operations/list-multipart-uploads.ts';
import { ListObjects, ListObjectsV2 } from './operations/list-objects.ts';
import {
  AbortMultipartUpload,
  CompleteMultipartUpload,
  InitiateMultipartUpload,
  ListParts,
  UploadPart,
  UploadPartCopy,
} from './operations/multipart.ts';
import { PutObject } from './operations/put-object.ts';
import { PutObjectAcl } from './operations/PutObjectAcl.ts';
import type { OssRequest } from '../../wire/oss-request.ts';
import type { OssOperation } from './operation.ts';

export const OSS_OPERATIONS: readonly OssOperation[] = [
  ListBuckets,
  PutBucketAcl,
  GetBucketAcl,
  GetBucketInfo,
  GetBucketLocation,
  ListMultipartUploads,
  ListObjectsV2,
  DeleteMultipleObjects,
  PutBucket,
  ListObjects,
  DeleteBucket,
  UploadPartCopy,
  UploadPart,
  InitiateMultipartUpload,
  ListParts,
  CompleteMultipartUpload,
  AbortMultipartUpload,
  CopyObject,
  PutObjectAcl,
  PutObject,
  GetObjectAcl,
  GetObjectMeta,
  HeadObject,
  GetObject,
  DeleteObject,
];

/** Undefined when nothing of the table fits. */
export const matchOssOperation = ({
  method,
  bucket,
  key,
  query,
  headers,
}: OssRequest): OssOperation | undefined => {
  const target = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  return OSS_OPERATIONS.find(
    (one) =>
      one.method === method &&
      one.target === target &&
      (one.selector === undefined || query.has(one.selector)) &&
      (one.header === undefined || headers.has(one.header)),
  );
};
