// The rules of images and families once more, as plainly as they can be said: a Map and a few functions.
// It shares no code with src/domain, so that one mistake cannot hide another. A change returns the
// error code that the API must answer with, or undefined when it must succeed.

export const QUOTAS = { imagesPerFamily: 5, familiesPerRegion: 3 } as const;
const TOKEN_MS = 24 * 3600 * 1000;

export type Status = 'Creating' | 'Available' | 'CreateFailed' | 'Deprecated';

export interface ModelImage {
  imageId: string;
  imageName: string;
  family: string | null;
  status: Status;
  /** CreationTime in milliseconds. */
  ct: number;
  /** Place in the order of acceptance. */
  seq: number;
  origin: 'ImportImage' | 'CreateImage';
  isGood: boolean;
  snapshotId: string;
  tags: Map<string, string>;
}

export interface ModelSnapshot {
  snapshotId: string;
  isAccomplished: boolean;
  digest: string;
}

export type TaskStatus = 'Processing' | 'Finished' | 'Failed' | 'Deleted';

export interface ModelTask {
  taskId: string;
  imageId: string;
  status: TaskStatus;
}

export interface ModelToken {
  action: 'ImportImage' | 'CreateImage';
  parameters: Readonly<Record<string, string>>;
  imageId: string;
  expiresMs: number;
}

/** One account in one region. */
export class ModelScope {
  readonly images = new Map<string, ModelImage>();
  readonly snapshots = new Map<string, ModelSnapshot>();
  readonly tasks = new Map<string, ModelTask>();
  tokens: ModelToken[] = [];
  /** Every id there ever was, in the order in which it was made. */
  readonly imageIds: string[] = [];
  readonly snapshotIds: string[] = [];
  lastCt = 0;
  nextSeq = 1;

  list(): ModelImage[] {
    return [...this.images.values()];
  }

  /** The rule: greatest (CreationTime, seq) among Available. */
  newest(family: string): ModelImage | undefined {
    let newest: ModelImage | undefined;
    for (const image of this.images.values()) {
      if (image.family !== family || image.status !== 'Available') continue;
      const isNewer =
        newest === undefined ||
        image.ct > newest.ct ||
        (image.ct === newest.ct && image.seq > newest.seq);
      if (isNewer) newest = image;
    }
    return newest;
  }

  families(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { family } of this.images.values())
      if (family !== null) counts.set(family, (counts.get(family) ?? 0) + 1);
    return counts;
  }

  named(imageName: string): ModelImage | undefined {
    return this.list().find((image) => image.imageName === imageName);
  }

  /** What the quotas say when one more image is to be in `family` and `leaving` has left its own. */
  familyFault(family: string, leaving?: ModelImage): 'family-full' | 'families-full' | undefined {
    const counts = this.families();
    if (leaving?.family) counts.set(leaving.family, (counts.get(leaving.family) ?? 0) - 1);
    if ((counts.get(family) ?? 0) + 1 > QUOTAS.imagesPerFamily) return 'family-full';
    counts.set(family, (counts.get(family) ?? 0) + 1);
    const used = [...counts.values()].filter((count) => count > 0).length;
    return used > QUOTAS.familiesPerRegion ? 'families-full' : undefined;
  }

  /** Takes an image in; time and order are drawn here and never change. */
  accept(image: Omit<ModelImage, 'ct' | 'seq' | 'status' | 'tags'>, nowMs: number): void {
    this.lastCt = Math.max(this.lastCt, nowMs);
    const drawn = { ct: this.lastCt, seq: this.nextSeq };
    this.nextSeq += 1;
    this.images.set(image.imageId, { ...image, ...drawn, status: 'Creating', tags: new Map() });
    this.imageIds.push(image.imageId);
  }

  remember(token: Omit<ModelToken, 'expiresMs'>, nowMs: number): void {
    this.tokens.push({ ...token, expiresMs: nowMs + TOKEN_MS });
  }

  /** Takes the tokens away whose time has passed, and says which. */
  forgetExpired(nowMs: number): ModelToken[] {
    const expired = this.tokens.filter(({ expiresMs }) => expiresMs < nowMs);
    this.tokens = this.tokens.filter((token) => !expired.includes(token));
    return expired;
  }

  references(snapshotId: string): number {
    return this.list().filter((image) => image.snapshotId === snapshotId).length;
  }

  taskOf(imageId: string): ModelTask | undefined {
    return [...this.tasks.values()].find((task) => task.imageId === imageId);
  }

  /** Every job comes to its end. */
  finishJobs(digestOf: (snapshotId: string) => string): void {
    for (const image of this.images.values()) {
      if (image.status !== 'Creating') continue;
      image.status = image.isGood ? 'Available' : 'CreateFailed';
      const task = this.taskOf(image.imageId);
      if (task !== undefined) task.status = image.isGood ? 'Finished' : 'Failed';
      const snapshot = this.snapshots.get(image.snapshotId);
      if (image.origin === 'CreateImage' || snapshot === undefined) continue;
      if (image.isGood) {
        snapshot.isAccomplished = true;
        snapshot.digest = digestOf(snapshot.snapshotId);
      } else {
        this.snapshots.delete(image.snapshotId);
        image.snapshotId = '';
      }
    }
  }

  setFamily(imageId: string, family: string): string | undefined {
    const image = this.images.get(imageId);
    if (image === undefined) return 'InvalidImageId.NotFound';
    if (image.status === 'Creating') return 'InvalidStatus.ImageIsCreating';
    if (image.family === family) return undefined;
    const fault = this.familyFault(family, image);
    if (fault !== undefined)
      return fault === 'family-full' ? 'ImageQuotaFull.ImageFamily' : 'ImageFamilyQuotaFull';
    image.family = family;
    return undefined;
  }

  rename(imageId: string, imageName: string): string | undefined {
    const image = this.images.get(imageId);
    if (image === undefined) return 'InvalidImageId.NotFound';
    if (image.status === 'Creating') return 'InvalidStatus.ImageIsCreating';
    if (image.imageName !== imageName && this.named(imageName))
      return 'InvalidImageName.Duplicated';
    image.imageName = imageName;
    return undefined;
  }

  turn(imageId: string, from: Status, to: Status): string | undefined {
    const image = this.images.get(imageId);
    if (image === undefined) return 'InvalidImageId.NotFound';
    if (image.status === 'Creating') return 'InvalidStatus.ImageIsCreating';
    if (image.status !== from)
      return from === 'Available' ? 'ImageStatus.NotAvailable' : 'ImageStatus.NotDeprecated';
    image.status = to;
    return undefined;
  }

  remove(imageId: string): string | undefined {
    const image = this.images.get(imageId);
    if (image === undefined) return 'InvalidImageId.NotFound';
    if (image.status === 'Creating')
      return image.origin === 'ImportImage' ? 'ImageIsImporting' : 'ImageIsCreating';
    this.images.delete(imageId);
    return undefined;
  }

  removeSnapshot(snapshotId: string): string | undefined {
    const snapshot = this.snapshots.get(snapshotId);
    if (snapshot === undefined) return 'InvalidSnapshotId.NotFound';
    if (!snapshot.isAccomplished) return 'Operation.Conflict';
    if (this.references(snapshotId) > 0) return 'SnapshotCreatedImage';
    this.snapshots.delete(snapshotId);
    return undefined;
  }

  cancel(taskId: string): string | undefined {
    const task = this.tasks.get(taskId);
    if (task === undefined) return 'InvalidTaskId.NotFound';
    if (task.status !== 'Processing') return 'InvalidTaskId.IncorrectTaskStatus';
    task.status = 'Deleted';
    const image = this.images.get(task.imageId);
    if (image === undefined) return undefined;
    this.images.delete(image.imageId);
    this.snapshots.delete(image.snapshotId);
    return undefined;
  }
}

export interface Model {
  readonly scopes: readonly ModelScope[];
}

export const newModel = (): Model => ({ scopes: [0, 1, 2].map(() => new ModelScope()) });
