// Buckets themselves: make, list, describe, remove. A bucket has one owner and no rules, so that its ACL is
// always private.
import { isBucketName } from '../../../blobs/object-names.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import type { OssContext, OssOperation } from '../operation.ts';
import { requireOwnBucket } from '../own-bucket.ts';
import { numberOf, shownTime } from '../shown.ts';

const actorOf = ({ caller, requestId, house }: OssContext) => ({
  principal: caller.arn,
  requestId,
  nowMs: house.clocks.wallMs(),
});

/** A bucket without a region serves every one; clients want one name all the same. */
const regionOf = ({ house }: OssContext, region: string): string =>
  region || (house.settings.regions.has('cn-hangzhou') ? 'cn-hangzhou' : 'default');

export const PutBucket: OssOperation = {
  name: 'PutBucket',
  method: 'PUT',
  target: 'bucket',
  makesBucket: true,
  parameters: [],
  withoutEffect: 'The body (storage class and redundancy) is not read: storage is the folder.',
  async run(context) {
    const { house, objects, request, caller } = context;
    const { bucket } = request;
    if (!isBucketName(bucket)) throw new OssError('InvalidBucketName');
    const existed = await objects.buckets.bucketExists(bucket);
    const isOwn = await house.store.write(actorOf(context), async (tx) => {
      const owner = await tx.bucketOwner(bucket);
      if (owner !== undefined) return owner.accountId === caller.accountId;
      if (existed) return caller.isOperator;
      await tx.insertBucket(bucket, caller.accountId, '');
      return true;
    });
    if (!isOwn) throw new OssError('BucketAlreadyExists');
    if (!existed) await objects.buckets.createBucket(bucket);
    return { status: 200, headers: { location: `/${bucket}` } };
  },
};

export const DeleteBucket: OssOperation = {
  name: 'DeleteBucket',
  method: 'DELETE',
  target: 'bucket',
  parameters: [],
  async run(context) {
    const { objects, request, house } = context;
    const outcome = await objects.writes.deleteBucket(request.bucket);
    if (outcome === 'not-empty') throw new OssError('BucketNotEmpty');
    await house.store.write(actorOf(context), async (tx) => {
      await tx.deleteFactsOfBucket(request.bucket);
      await tx.deleteBucket(request.bucket);
    });
    return { status: 204 };
  },
};

export const ListBuckets: OssOperation = {
  name: 'ListBuckets',
  method: 'GET',
  target: 'service',
  parameters: ['prefix', 'marker', 'max-keys'],
  async run(context) {
    const { objects, request, house, caller } = context;
    const prefix = request.query.get('prefix') ?? '';
    const marker = request.query.get('marker') ?? '';
    const most = numberOf(request, 'max-keys', { least: 1, most: 1000, usual: 100 });
    const names = (await objects.writes.bucketNames()).filter(
      ({ name }) => name.startsWith(prefix) && name > marker,
    );
    const own = await house.store.read(async (tx) => {
      const found: { name: string; creationMs: number; region: string }[] = [];
      for (const one of names) {
        if (found.length > most) break;
        const owner = await tx.bucketOwner(one.name);
        if (owner === undefined ? caller.isOperator : owner.accountId === caller.accountId)
          found.push({ ...one, region: regionOf(context, owner?.regionId ?? '') });
      }
      return found;
    });
    const page = own.slice(0, most);
    const body = renderXml('ListAllMyBucketsResult', {
      Owner: ownerOf(context),
      Prefix: prefix,
      Marker: marker,
      MaxKeys: most,
      IsTruncated: own.length > most,
      NextMarker: own.length > most ? page.at(-1)!.name : '',
      Buckets: { Bucket: page.map((one) => viewOf(context, one)) },
    });
    return { status: 200, body };
  },
};

const ownerOf = ({ caller }: OssContext) => ({
  ID: caller.accountId,
  DisplayName: caller.accountId,
});

const viewOf = (
  { request }: OssContext,
  { name, creationMs, region }: { name: string; creationMs: number; region: string },
) => ({
  Name: name,
  CreationDate: shownTime(creationMs),
  Location: `oss-${region}`,
  Region: region,
  ExtranetEndpoint: request.host,
  IntranetEndpoint: request.host,
  StorageClass: 'Standard',
});

export const GetBucketInfo: OssOperation = {
  name: 'GetBucketInfo',
  method: 'GET',
  target: 'bucket',
  selector: 'bucketInfo',
  parameters: [],
  async run(context) {
    const { objects, caller, request } = context;
    const region = regionOf(context, await requireOwnBucket(context, caller, request.bucket));
    const found = (await objects.writes.bucketNames()).find(({ name }) => name === request.bucket);
    if (found === undefined) throw new OssError('NoSuchBucket');
    const Bucket = {
      ...viewOf(context, { ...found, region }),
      Owner: ownerOf(context),
      AccessControlList: { Grant: 'private' },
      DataRedundancyType: 'LRS',
    };
    return { status: 200, body: renderXml('BucketInfo', { Bucket }) };
  },
};

export const GetBucketLocation: OssOperation = {
  name: 'GetBucketLocation',
  method: 'GET',
  target: 'bucket',
  selector: 'location',
  parameters: [],
  async run(context) {
    const region = await requireOwnBucket(context, context.caller, context.request.bucket);
    const text = `oss-${regionOf(context, region)}`;
    const body = `<?xml version="1.0" encoding="UTF-8"?><LocationConstraint>${text}</LocationConstraint>`;
    return { status: 200, body };
  },
};

export const GetBucketAcl: OssOperation = {
  name: 'GetBucketAcl',
  method: 'GET',
  target: 'bucket',
  selector: 'acl',
  parameters: [],
  async run(context) {
    const members = { Owner: ownerOf(context), AccessControlList: { Grant: 'private' } };
    return { status: 200, body: renderXml('AccessControlPolicy', members) };
  },
};

/** `x-oss-acl` other than private was refused before. */
export const PutBucketAcl: OssOperation = {
  name: 'PutBucketAcl',
  method: 'PUT',
  target: 'bucket',
  selector: 'acl',
  parameters: [],
  run: () => Promise.resolve({ status: 200 }),
};
