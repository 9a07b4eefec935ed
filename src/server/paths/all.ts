import { familiesPath } from './families.ts';
import { healthPath } from './health.ts';
import { imagesPath } from './images.ts';
import { metricsPath } from './metrics.ts';
import { uploadsPath } from './uploads.ts';
import type { Path } from './path.ts';

/** Every family of paths beside `/`. */
export const PATHS: readonly Path[] = [
  healthPath,
  metricsPath,
  imagesPath,
  familiesPath,
  uploadsPath,
];
