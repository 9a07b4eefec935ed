// What the test knows of the server's state: every acknowledged write, and every call whose answer was
// lost. It is written by the clients alone; the checks hold the server against it.
import type { Parameters } from './api.ts';
import type { DiskObject } from './objects.ts';

export interface ImageEntry {
  imageId: string;
  imageName: string;
  origin: 'ImportImage' | 'CreateImage';
  /** Empty for CreateImage. */
  taskId: string;
  sha256: string;
  isGood: boolean;
  /** Empty until it has one. */
  imageFamily: string;
  isDeprecated: boolean;
  fate: 'alive' | 'deleted' | 'cancelled';
  /** Empty until it has been seen. */
  snapshotId: string;
  creationTime: string;
  /** Steps of the test's own counter: an image answered before another was asked for is older. */
  askedAt: number;
  answeredAt: number;
  parameters: Parameters;
}

/** A call for a new image; its token tells what became of it. */
export interface LostAccept {
  origin: ImageEntry['origin'];
  parameters: Parameters;
  askedAt: number;
  source: Pick<DiskObject, 'sha256' | 'isGood'>;
}

export type LostChange =
  | { change: 'family'; entry: ImageEntry; to: string }
  | { change: 'deprecated'; entry: ImageEntry; to: boolean }
  | { change: 'deleted' | 'cancelled'; entry: ImageEntry }
  | { change: 'snapshot-deleted'; snapshotId: string };

export class Ledger {
  readonly images = new Map<string, ImageEntry>();
  /** Snapshots whose deletion was acknowledged. */
  readonly deletedSnapshots = new Set<string>();
  lostAccepts: LostAccept[] = [];
  lostChanges: LostChange[] = [];
  /** RequestIds of acknowledged calls of this round that must have left a row in the journal. */
  requestIds: string[] = [];
  acknowledged = 0;
  readonly violations: string[] = [];
  readonly #deletionsAsked = new Set<string>();
  #step = 0;
  #names = 0;

  tick(): number {
    this.#step += 1;
    return this.#step;
  }

  newName(prefix: string): string {
    this.#names += 1;
    return `${prefix}-${this.#names}`;
  }

  violated(text: string): void {
    this.violations.push(text);
  }

  accepted(lost: LostAccept, body: { ImageId: string; TaskId?: string }): ImageEntry {
    const entry: ImageEntry = {
      imageId: body.ImageId,
      imageName: lost.parameters.ImageName ?? '',
      origin: lost.origin,
      taskId: body.TaskId ?? '',
      sha256: lost.source.sha256,
      isGood: lost.source.isGood,
      imageFamily: lost.parameters.ImageFamily ?? '',
      isDeprecated: false,
      fate: 'alive',
      snapshotId: '',
      creationTime: '',
      askedAt: lost.askedAt,
      answeredAt: this.tick(),
      parameters: lost.parameters,
    };
    if (this.images.has(entry.imageId)) this.violated(`${entry.imageId} was given out twice`);
    this.images.set(entry.imageId, entry);
    return entry;
  }

  /** Whether it is the caller's turn: false when the snapshot is deleted or another client asks. */
  mayDelete(snapshotId: string): boolean {
    if (this.deletedSnapshots.has(snapshotId) || this.#deletionsAsked.has(snapshotId)) return false;
    this.#deletionsAsked.add(snapshotId);
    return true;
  }

  deletionAnswered(snapshotId: string): void {
    this.#deletionsAsked.delete(snapshotId);
  }

  alive(): ImageEntry[] {
    return [...this.images.values()].filter(({ fate }) => fate === 'alive');
  }

  /** Writes a change down that is known to be there. */
  apply(lost: LostChange): void {
    switch (lost.change) {
      case 'family':
        lost.entry.imageFamily = lost.to;
        break;
      case 'deprecated':
        lost.entry.isDeprecated = lost.to;
        break;
      case 'deleted':
      case 'cancelled':
        lost.entry.fate = lost.change;
        break;
      case 'snapshot-deleted':
        this.deletedSnapshots.add(lost.snapshotId);
        break;
    }
  }
}
