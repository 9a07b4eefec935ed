import { EMPTY_CATALOGUE } from '../../src/domain/catalogue.ts';
import { DEFAULT_QUOTAS } from '../../src/domain/quota.ts';
import { makeRegions } from '../../src/domain/region.ts';
import type { JobSettings } from '../../src/jobs/step.ts';

export const JOB_SETTINGS: JobSettings = {
  regions: makeRegions(),
  quotas: DEFAULT_QUOTAS,
  familyLookup: 'current',
  catalogue: EMPTY_CATALOGUE,
};
