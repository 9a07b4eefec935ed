// Ids that are made of names: the same file gives the same ids, in every Kindred. They have the form of
// drawn ones, and are as little likely to meet one.
import { createHash } from 'node:crypto';
import type { AccountId, ImageId, SnapshotId } from '../../../domain/ids.ts';

const digits = (parts: readonly string[], radix: number, count: number): string =>
  BigInt(
    `0x${createHash('sha256')
      .update(JSON.stringify(['kindred seed', ...parts]))
      .digest('hex')}`,
  )
    .toString(radix)
    .padStart(count, '0')
    .slice(-count);

/** Account (empty: the operator's), region, name. */
type Named = readonly [accountName: string, regionId: string, imageName: string];

export const accountIdOf = (accountName: string): AccountId =>
  `1${digits(['account', accountName], 10, 15)}` as AccountId;

export const imageIdOf = (named: Named, regionCode: string): ImageId =>
  `m-${regionCode}${digits(['image', ...named], 36, 17)}` as ImageId;

export const snapshotIdOf = (named: Named, position: number, regionCode: string): SnapshotId =>
  `s-${regionCode}${digits(['snapshot', ...named, String(position)], 36, 17)}` as SnapshotId;
