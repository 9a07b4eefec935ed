import { FAULT_POINTS, type FaultPoint } from '../../src/lib/fault.ts';
import type { Chance } from './chance.ts';

/** Those of imports; what a death does to the other jobs stands in test/store (jobs, exports, executions, verify), test/crash/backup-kills.test.ts and test/crash/uploads.test.ts. */
export const POINTS: readonly FaultPoint[] = FAULT_POINTS.filter(
  (point) => !/^(copy|export|execution|upload|verify|repair|backup|restore|rotate)\./.test(point),
);

/** Reached once in a process. */
const ONCE: ReadonlySet<string> = new Set(['recovery.released']);

/** The first, second or third time: not every death is an early one. */
export const occurrenceOf = (point: string, chance: Chance): number =>
  ONCE.has(point) ? 1 : 1 + chance.below(3) * Number(chance.isTrue(0.5));
