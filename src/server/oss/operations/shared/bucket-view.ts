// What every operation on buckets says of them. A bucket has one owner and no rules, so that its ACL is
// always private.
import type { Actor } from '../../../../domain/tx.ts';
import type { OssContext } from '../../operation.ts';
import { shownTime } from '../../shown.ts';

export const actorOf = ({ caller, requestId, house }: OssContext): Actor => ({
  principal: caller.arn,
  requestId,
  nowMs: house.clocks.wallMs(),
});

/** A bucket without a region serves every one; clients want one name all the same. */
export const shownRegion = ({ house }: OssContext, region: string): string =>
  region || (house.settings.regions.has('cn-hangzhou') ? 'cn-hangzhou' : 'default');

export const ownerOf = ({ caller }: Pick<OssContext, 'caller'>) => ({
  ID: caller.accountId,
  DisplayName: caller.accountId,
});

export interface ShownBucket {
  name: string;
  creationMs: number;
  region: string;
}

export const bucketView = ({ request }: OssContext, { name, creationMs, region }: ShownBucket) => ({
  Name: name,
  CreationDate: shownTime(creationMs),
  Location: `oss-${region}`,
  Region: region,
  ExtranetEndpoint: request.host,
  IntranetEndpoint: request.host,
  StorageClass: 'Standard',
});
