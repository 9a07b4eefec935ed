// `Filter.N.Key` / `Filter.N.Value` of DescribeImages, read into what the store understands.
import { parseInstant } from './parse-instant.ts';

/** What the filters ask for; times are inclusive, in milliseconds. */
export interface ReadFilters {
  creationFromMs?: number;
  creationToMs?: number;
  /** True when a filter asks for something that no image here has. */
  nothing: boolean;
}

export type FilterFault = {
  fault: 'InvalidFilterKey.NotFound' | 'InvalidFilterValue' | 'InvalidFilterValue.NetworkType';
  parameter: string;
};

/** Features that no image here is known to have: to ask for one finds nothing. */
const ONLINE_CHANGES: readonly string[] = [
  'CpuOnlineUpgrade',
  'CpuOnlineDowngrade',
  'MemoryOnlineUpgrade',
  'MemoryOnlineDowngrade',
];

/** CreationTime has whole seconds on the wire: an end takes its whole second in. */
const REST_OF_SECOND_MS = 999;

export const readFilters = (
  filters: readonly { Key?: string; Value?: string }[] = [],
): ReadFilters | FilterFault => {
  const read: ReadFilters = { nothing: false };
  for (const [i, { Key: key = '', Value: value = '' }] of filters.entries()) {
    const parameter = `Filter.${i + 1}.Value`;
    if (key === 'CreationStartTime' || key === 'CreationEndTime') {
      const ms = parseInstant(value);
      if (ms === undefined) return { fault: 'InvalidFilterValue', parameter };
      if (key === 'CreationStartTime')
        read.creationFromMs = Math.max(ms, read.creationFromMs ?? ms);
      else read.creationToMs = Math.min(ms + REST_OF_SECOND_MS, read.creationToMs ?? Infinity);
    } else if (key === 'NetworkType') {
      if (value !== 'vpc' && value !== 'classic')
        return { fault: 'InvalidFilterValue.NetworkType', parameter };
    } else if (ONLINE_CHANGES.includes(key)) {
      if (value !== 'supported' && value !== 'unsupported')
        return { fault: 'InvalidFilterValue', parameter };
      read.nothing ||= value === 'supported';
    } else {
      return { fault: 'InvalidFilterKey.NotFound', parameter: `Filter.${i + 1}.Key` };
    }
  }
  return read;
};
