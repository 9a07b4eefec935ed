// Figures of the metrics that are read when somebody asks for them: from the rows and from the file
// systems, never kept.
import type { BlobStores } from '../blobs/blob-stores.ts';
import { storeSpace } from '../blobs/store-space.ts';
import type { Store } from '../domain/tx.ts';
import type { Clocks } from '../lib/clock.ts';
import type { PlaceState } from './audit/checkpoints.ts';
import type { Trail } from './audit/trail.ts';
import type { Gauge } from './metrics.ts';

interface Parts {
  store: Store;
  clocks: Clocks;
  stores: BlobStores;
  trail: Pick<Trail, 'checkpoints' | 'droppedCount'>;
}

const CHECKPOINT_GAUGES = [
  {
    name: 'kindred_audit_checkpoint_age_seconds',
    help: 'Since when a destination has taken no checkpoint of the audit trail.',
    of: ({ seconds }: PlaceState) => seconds,
  },
  {
    name: 'kindred_audit_checkpoints_waiting',
    help: 'Checkpoints of the audit trail that a destination has not taken yet.',
    of: ({ waiting }: PlaceState) => waiting,
  },
  {
    name: 'kindred_audit_checkpoints_dropped',
    help: 'Checkpoints since the start that a destination will never get; newer ones vouch for the same records.',
    of: ({ dropped }: PlaceState) => dropped,
  },
];

export const gaugesOf = ({ store, clocks, stores, trail }: Parts): Gauge[] => [
  {
    name: 'kindred_blobs_damaged',
    help: 'Stored copies that are known to be damaged or gone; served: another store has a whole one.',
    labelNames: ['served'],
    async read() {
      const { total, rows } = await store.read((tx) =>
        tx.lostPlacements({ limit: MAX_LOST, offset: 0 }),
      );
      const served = rows.filter(({ isServed }) => isServed).length;
      return [
        { labels: { served: 'no' }, value: total - served },
        { labels: { served: 'yes' }, value: served },
      ];
    },
  },
  {
    name: 'kindred_verification_oldest_seconds',
    help: 'Since when the stored copy was not read that waits longest.',
    labelNames: [],
    async read() {
      const oldestMs = await store.read((tx) => tx.oldestVerifiedMs());
      const ageMs = oldestMs === undefined ? 0 : clocks.wallMs() - oldestMs;
      return [{ labels: {}, value: Math.max(0, ageMs) / 1000 }];
    },
  },
  ...CHECKPOINT_GAUGES.map(({ name, help, of }): Gauge => ({
    name,
    help,
    labelNames: ['destination'],
    async read() {
      const places = trail.checkpoints?.places() ?? [];
      return places.map((place) => ({
        labels: { destination: place.destination },
        value: of(place),
      }));
    },
  })),
  {
    name: 'kindred_audit_dropped_calls',
    help: 'Refused calls since the start that the audit trail only tells the number of.',
    labelNames: [],
    read: async () => [{ labels: {}, value: trail.droppedCount }],
  },
  {
    name: 'kindred_disk_used_ratio',
    help: 'Part of the file system of a store that is not free to it, 0 to 1.',
    labelNames: ['store'],
    async read() {
      const spaces = await storeSpace(stores);
      return spaces.map(({ store, freeBytes, totalBytes }) => ({
        labels: { store },
        value: totalBytes === 0 ? 0 : 1 - freeBytes / totalBytes,
      }));
    },
  },
];

/** Of more than so many, `served` is told of the first. */
const MAX_LOST = 1_000;
