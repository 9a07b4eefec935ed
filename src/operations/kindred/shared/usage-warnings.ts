import type { Quotas } from '../../../domain/quota.ts';
import type { ReadTx } from '../../../domain/tx.ts';
import type { RegionUsage, UsageScope } from '../../../domain/usage-tx.ts';

interface Warning {
  Kind: 'ImagesPerRegion' | 'FamiliesPerRegion' | 'ImagesPerFamily' | 'FileSystem';
  Subject: string;
  Used: number;
  Limit: number;
  Message: string;
}

interface Found {
  regions: readonly RegionUsage[];
  stores: readonly { store: string; freeBytes: number; totalBytes: number }[];
}

/** Part of a limit from which on it is worth a word. */
const WARN_AT = 0.8;
/** Families that are warned of one by one, the fullest first. */
const MAX_FULL_FAMILIES = 100;

/** What is nearly used up. */
export const warningsOf = async (
  tx: ReadTx,
  scope: UsageScope,
  { regions, stores }: Found,
  quotas: Quotas,
): Promise<Warning[]> => {
  const warnings: Warning[] = [];
  const look = (
    Kind: Warning['Kind'],
    Subject: string,
    Used: number,
    Limit: number,
    what: string,
  ) => {
    if (Limit <= 0 || Used < Limit * WARN_AT) return;
    const percent = Math.floor((Used / Limit) * 100);
    const Message = `${Subject}: ${percent} % of ${what} used (${Used} of ${Limit})`;
    warnings.push({ Kind, Subject, Used, Limit, Message });
  };
  for (const { regionId, imageCount, familyCount } of regions) {
    look('ImagesPerRegion', regionId, imageCount, quotas.imagesPerRegion, 'the images');
    look('FamiliesPerRegion', regionId, familyCount, quotas.familiesPerRegion, 'the families');
  }
  const limit = quotas.imagesPerFamily;
  const full = await tx.fullFamilies(scope, Math.ceil(limit * WARN_AT), MAX_FULL_FAMILIES);
  for (const { regionId, imageFamily, imageCount } of full)
    look('ImagesPerFamily', `${regionId}/${imageFamily ?? ''}`, imageCount, limit, 'the images');
  for (const { store, freeBytes, totalBytes } of stores)
    look('FileSystem', store, totalBytes - freeBytes, totalBytes, 'the file system in bytes');
  return warnings;
};
