// One client at work until the server dies: it imports, publishes, rolls back, deletes and cancels, and
// writes into the ledger what was acknowledged and what it lost sight of. It changes only images of
// its own, so that each image's state is known whatever the others do.
import type { Answer, Api, Parameters } from './api.ts';
import type { Chance } from './chance.ts';
import type { ImageEntry, Ledger, LostAccept, LostChange } from './ledger.ts';
import { BUCKET, type DiskObject, type Objects } from './objects.ts';

export const REGION = 'cn-hangzhou';
export const FAMILIES = ['web', 'db', 'edge', 'night', 'rare', 'new', 'old', 'lone'] as const;
const MAX_IMPORTS = 7;
const MAX_CALLS = 400;
/** How often, and how long apart, an import is looked at until it has ended. */
const LOOKS = 100;
const LOOK_MS = 30;

/** Refusals that a state of things explains; anything else is a violation. */
const EXPECTED = new Set([
  'InvalidStatus.ImageIsCreating',
  'ImageIsCreating',
  'ImageIsImporting',
  'InvalidTaskId.IncorrectTaskStatus',
  'ImageStatus.NotAvailable',
  'ImageStatus.NotDeprecated',
  'SnapshotCreatedImage',
  'Operation.Conflict',
  'InvalidSnapshotId.NotReady',
  'IncorrectImageStatus',
]);

export type Fresh = ReturnType<Objects['fresh']>;

export class Client {
  readonly #api: Api;
  readonly #ledger: Ledger;
  readonly #chance: Chance;
  readonly #objects: readonly DiskObject[];
  readonly #fresh: Fresh;
  readonly #own: ImageEntry[];
  #imports = 0;
  #calls = 0;
  #isCut = false;

  /** `own`: images of earlier rounds that this client alone may change. */
  constructor(
    api: Api,
    ledger: Ledger,
    chance: Chance,
    objects: readonly DiskObject[],
    fresh: Fresh,
    own: ImageEntry[],
  ) {
    this.#api = api;
    this.#ledger = ledger;
    this.#chance = chance;
    this.#objects = objects;
    this.#fresh = fresh;
    this.#own = own;
  }

  /** What every round must contain: new bytes, refusals, a cancel, bytes given back and swept. */
  async opening(): Promise<void> {
    const { good, bad } = this.#fresh;
    const [unshared, ...others] = good;
    await this.#importOf(unshared);
    const given = this.#own.at(-1);
    for (const object of [...others, ...bad]) await this.#importOf(object);
    const last = this.#own.at(-1);
    if (last !== undefined) await this.#cancel(last);
    for (let i = 0; i < LOOKS && given?.snapshotId === '' && !this.#isCut; i++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      await this.#look(given);
    }
    if (given !== undefined) await this.#deleteAll(given);
    await this.#importOf(bad[0]);
  }

  /** Returns when the server is gone or everything was done that one client may do. */
  async run(): Promise<void> {
    while (!this.#isCut && this.#calls < MAX_CALLS) await this.#something();
  }

  async #something(): Promise<void> {
    const roll = this.#chance.below(100);
    const image = this.#chance.pick(this.#own.filter(({ fate }) => fate === 'alive'));
    if (roll < 20 && this.#imports < MAX_IMPORTS) await this.#importOf(this.#anyObject());
    else if (roll < 50 || image === undefined) await this.#readFamily();
    else if (roll < 55) await this.#cancel(image);
    else if (roll < 72) await this.#setFamily(image);
    else if (roll < 80) await this.#turn(image);
    else if (roll < 88) await this.#look(image);
    else if (roll < 93) await this.#createFrom(image);
    else await this.#deleteAll(image);
  }

  #anyObject(): DiskObject | undefined {
    const { good, bad } = this.#fresh;
    return this.#chance.pick([...this.#objects, ...good, ...bad]);
  }

  async #importOf(object: DiskObject | undefined): Promise<void> {
    if (object === undefined) return;
    this.#imports += 1;
    const disk = 'DiskDeviceMapping.1';
    await this.#accept('ImportImage', object, {
      RegionId: REGION,
      ImageName: this.#ledger.newName('import'),
      ClientToken: this.#ledger.newName('token'),
      [`${disk}.OSSBucket`]: BUCKET,
      [`${disk}.OSSObject`]: object.name,
      ...(object.format === '' ? {} : { [`${disk}.Format`]: object.format }),
    });
  }

  async #createFrom(image: ImageEntry): Promise<void> {
    if (image.snapshotId === '' || this.#ledger.deletedSnapshots.has(image.snapshotId)) return;
    const family = this.#chance.isTrue(0.5) ? this.#chance.pick(FAMILIES) : undefined;
    await this.#accept('CreateImage', image, {
      RegionId: REGION,
      ImageName: this.#ledger.newName('create'),
      ClientToken: this.#ledger.newName('token'),
      SnapshotId: image.snapshotId,
      ...(family === undefined ? {} : { ImageFamily: family }),
    });
  }

  async #accept(
    origin: ImageEntry['origin'],
    source: LostAccept['source'],
    parameters: Parameters,
  ): Promise<void> {
    const lost: LostAccept = { origin, parameters, source, askedAt: this.#ledger.tick() };
    const answer = await this.#call(origin, parameters);
    if (answer.outcome === 'unknown') this.#ledger.lostAccepts.push(lost);
    if (answer.outcome === 'ok') this.#own.push(this.#ledger.accepted(lost, answer.body));
  }

  #setFamily(image: ImageEntry): Promise<void> {
    const to = this.#chance.pick(FAMILIES) ?? FAMILIES[0];
    const parameters = { RegionId: REGION, ImageId: image.imageId, ImageFamily: to };
    const isNoChange = to === image.imageFamily;
    return this.#change(
      'ModifyImageAttribute',
      parameters,
      { change: 'family', entry: image, to },
      isNoChange,
    );
  }

  /** Deprecates, or restores: the roll-back and its way back. */
  #turn(image: ImageEntry): Promise<void> {
    const to = !image.isDeprecated;
    const Status = to ? 'Deprecated' : 'Available';
    const parameters = { RegionId: REGION, ImageId: image.imageId, Status };
    return this.#change('ModifyImageAttribute', parameters, {
      change: 'deprecated',
      entry: image,
      to,
    });
  }

  async #cancel(image: ImageEntry): Promise<void> {
    if (image.taskId === '') return;
    const parameters = { RegionId: REGION, TaskId: image.taskId };
    await this.#change('CancelTask', parameters, { change: 'cancelled', entry: image });
  }

  /** The image, and then the snapshot that it leaves, so that its bytes have no owner. */
  async #deleteAll(image: ImageEntry): Promise<void> {
    await this.#look(image);
    const parameters = { RegionId: REGION, ImageId: image.imageId };
    await this.#change('DeleteImage', parameters, { change: 'deleted', entry: image });
    const { snapshotId } = image;
    if (image.fate !== 'deleted' || snapshotId === '') return;
    // Images of several clients may share a snapshot: only the first to ask need find it.
    if (!this.#ledger.mayDelete(snapshotId)) return;
    const change: LostChange = { change: 'snapshot-deleted', snapshotId };
    await this.#change(
      'DeleteSnapshot',
      { RegionId: REGION, SnapshotId: snapshotId },
      change,
      true,
    );
    this.#ledger.deletionAnswered(snapshotId);
  }

  async #change(
    action: string,
    parameters: Parameters,
    change: LostChange,
    isUnjournalled = false,
  ): Promise<void> {
    const answer = await this.#call(action, parameters);
    if (answer.outcome === 'unknown') this.#ledger.lostChanges.push(change);
    if (answer.outcome !== 'ok') return;
    this.#ledger.apply(change);
    if (!isUnjournalled) this.#ledger.requestIds.push(answer.body.RequestId);
  }

  async #look(image: ImageEntry): Promise<void> {
    const parameters = { RegionId: REGION, ImageId: image.imageId, Status: 'ALL' };
    const answer = await this.#call('DescribeImages', parameters);
    if (answer.outcome !== 'ok') return;
    const [seen] = answer.body.Images.Image;
    if (seen === undefined)
      return this.#ledger.violated(`${image.imageId} was acknowledged and is not listed`);
    if (seen.Status !== 'Available' && seen.Status !== 'Deprecated') return;
    image.snapshotId = seen.DiskDeviceMappings.DiskDeviceMapping[0].SnapshotId;
  }

  /** What was surely out of the running before the question and after it must not be the answer. */
  async #readFamily(): Promise<void> {
    const family = this.#chance.pick(FAMILIES) ?? FAMILIES[0];
    const isOut = (image: ImageEntry): boolean => image.fate !== 'alive';
    const out = new Set(
      [...this.#ledger.images.values()].filter(isOut).map(({ imageId }) => imageId),
    );
    const answer = await this.#call('DescribeImageFromFamily', {
      RegionId: REGION,
      ImageFamily: family,
    });
    if (answer.outcome !== 'ok') return;
    const { ImageId, Status, ImageFamily } = answer.body.Image;
    if (ImageId === undefined) return;
    if (out.has(ImageId))
      this.#ledger.violated(`${family} named ${ImageId} after its end was acknowledged`);
    if (Status !== 'Available' || ImageFamily !== family)
      this.#ledger.violated(`${family} named ${ImageId}, which is ${Status} in ${ImageFamily}`);
  }

  async #call(action: string, parameters: Parameters): Promise<Answer> {
    if (this.#isCut) return { outcome: 'refused', status: 0, code: 'cut', message: '' };
    this.#calls += 1;
    const answer = await this.#api.call(action, parameters);
    if (answer.outcome === 'unknown') this.#isCut = true;
    if (answer.outcome === 'ok' && !action.startsWith('Describe')) {
      this.#ledger.acknowledged += 1;
      if (action === 'ImportImage' || action === 'CreateImage')
        this.#ledger.requestIds.push(answer.body.RequestId);
    }
    if (answer.outcome === 'refused' && !EXPECTED.has(answer.code))
      this.#ledger.violated(
        `${action} ${JSON.stringify(parameters)}: ${answer.status} ${answer.code} ${answer.message}`,
      );
    return answer;
  }
}
