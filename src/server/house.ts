import type { Installation } from '../domain/installation.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { Settings } from '../operation.ts';
import type { SqliteStore } from '../store/sqlite/open.ts';
import type { Trail } from './audit/trail.ts';
import type { CallWatch, SignatureClock } from './call-watch.ts';
import type { KnownKeys } from './known-keys.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Nonces } from './nonces.ts';
import type { Registry } from './registry.ts';
import type { Secrets } from './secrets.ts';
import type { Throttle } from './throttle.ts';

/** Everything that the pipeline works with; put together by compose.ts, one per server. */
export interface House {
  readonly settings: Settings;
  readonly store: SqliteStore;
  readonly clocks: Clocks;
  readonly random: Random;
  /** When the data were restored, 0 if never: nonces of calls before that are not known here. */
  readonly restoredMs: number;
  readonly secrets: Secrets;
  readonly nonces: Nonces;
  readonly registry: Registry;
  readonly installation: Installation;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly trail: Trail;
  readonly throttle: Throttle;
  readonly signatureClock: SignatureClock;
  /** Of the test controls. */
  readonly watch: CallWatch | undefined;
  /** Of what a note waits to be written (note-once.ts). */
  readonly waitingNotes: Set<string>;
  readonly knownKeys: KnownKeys;
}
