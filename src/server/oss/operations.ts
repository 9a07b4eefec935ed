// What the object door serves. The first that fits a request answers it: those with a header or a
// parameter of their own stand before those without.
import { AbortMultipartUpload } from './operations/AbortMultipartUpload.ts';
import { CompleteMultipartUpload } from './operations/CompleteMultipartUpload.ts';
import { CopyObject } from './operations/CopyObject.ts';
import { DeleteBucket } from './operations/DeleteBucket.ts';
import { DeleteMultipleObjects } from './operations/DeleteMultipleObjects.ts';
import { DeleteObject } from './operations/DeleteObject.ts';
import { GetBucketAcl } from './operations/GetBucketAcl.ts';
import { GetBucketInfo } from './operations/GetBucketInfo.ts';
import { GetBucketLocation } from './operations/GetBucketLocation.ts';
import { GetObject } from './operations/GetObject.ts';
import { GetObjectAcl } from './operations/GetObjectAcl.ts';
import { GetObjectMeta } from './operations/GetObjectMeta.ts';
import { HeadObject } from './operations/HeadObject.ts';
import { InitiateMultipartUpload } from './operations/InitiateMultipartUpload.ts';
import { ListBuckets } from './operations/ListBuckets.ts';
import { ListMultipartUploads } from './operations/ListMultipartUploads.ts';
import { ListObjects } from './operations/ListObjects.ts';
import { ListObjectsV2 } from './operations/ListObjectsV2.ts';
import { ListParts } from './operations/ListParts.ts';
import { PutBucket } from './operations/PutBucket.ts';
import { PutBucketAcl } from './operations/PutBucketAcl.ts';
import { PutObject } from './operations/PutObject.ts';
import { PutObjectAcl } from './operations/PutObjectAcl.ts';
import { UploadPart } from './operations/UploadPart.ts';
import { UploadPartCopy } from './operations/UploadPartCopy.ts';
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
