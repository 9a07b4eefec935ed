import type { RegionId } from '../../../domain/ids.ts';
import type { Regions } from '../../../domain/region.ts';

/**
 * Where a resource may be that a request names by id alone: first the regions whose code the id
 * carries, then the others (a region's code may have been another one when the id was made).
 */
export const regionsOfId = (regions: Regions, id: string): RegionId[] => {
  const begin = id.indexOf('-') + 1;
  const code = id.slice(begin, begin + 3);
  const all = [...regions.values()];
  return [
    ...all.filter((region) => region.code === code),
    ...all.filter((region) => region.code !== code),
  ].map((region) => region.regionId);
};
