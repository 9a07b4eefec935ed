// What the model test may do: some twenty kinds of commands. Each asks the model what must come of it
// and does it; the comparison follows. A choice (`pick`) is a number taken modulo what there is, so
// that a run stays the same run while it is made shorter.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createImage, importImage, retry } from './accept-commands.ts';
import { asked, at, familyOf, nameOf, type Do } from './asked.ts';
import type { Model } from './model.ts';
import { digestOf, type Real } from './real.ts';

const PAST_MS = [1_000, 3_600_000, 365 * 86_400_000];
const FUTURE_MS = [1, 999, 61_000, 25 * 3_600_000];

/** Recent ones are chosen more often; one in four that may be long gone. */
const imageOf = ({ scope }: Do, pick: number): string =>
  (pick % 4 === 0 ? at(scope.imageIds, pick >> 2) : at([...scope.images.keys()], pick >> 2)) ??
  'm-bp1neverneverneverne';

export const finishJobs = async ({ model, real }: Pick<Do, 'model' | 'real'>): Promise<void> => {
  await real.harness.finishJobs();
  for (const scope of model.scopes)
    scope.finishJobs((snapshotId) => digestOf(real.objectOf.get(snapshotId)!.bytes));
};

const modify = (
  d: Do,
  imageId: string,
  set: Record<string, string>,
  expected: string | undefined,
) => asked(d, 'ModifyImageAttribute', { ImageId: imageId, ...set }, expected);

const tagged = async (d: Do, pick: number, isUntag: boolean): Promise<void> => {
  const image = at(d.scope.list(), pick);
  if (image === undefined) return;
  const key = `key-${pick % 3}`;
  const of = { ResourceType: 'image', 'ResourceId.1': image.imageId };
  if (isUntag) {
    await asked(d, 'UntagResources', { ...of, 'TagKey.1': key }, undefined);
    image.tags.delete(key);
  } else {
    const value = `value-${pick}`;
    await asked(d, 'TagResources', { ...of, 'Tag.1.Key': key, 'Tag.1.Value': value }, undefined);
    image.tags.set(key, value);
  }
};

/** Page after page the list is every image once, newest first; a filter is what it says. */
const listPages = async (d: Do, pick: number): Promise<void> => {
  const PageSize = String(1 + (pick % 7));
  const ids: string[] = [];
  for (let page = 1; ; page++) {
    const body = await asked(
      d,
      'DescribeImages',
      { Status: 'ALL', PageSize, PageNumber: String(page) },
      undefined,
    );
    assert.equal(body.TotalCount, d.scope.images.size);
    if (body.Images.Image.length === 0) break;
    for (const { ImageId } of body.Images.Image) ids.push(ImageId);
  }
  const order = d.scope.list().toSorted((a, b) => b.seq - a.seq);
  assert.deepEqual(
    ids,
    order.map(({ imageId }) => imageId),
  );
  const ImageFamily = familyOf(pick);
  const filtered = await asked(d, 'DescribeImages', { ImageFamily, PageSize: '100' }, undefined);
  const both = order.filter(
    ({ family, status }) => family === ImageFamily && status === 'Available',
  );
  assert.deepEqual(
    filtered.Images.Image.map((row: { ImageId: string }) => row.ImageId),
    both.map(({ imageId }) => imageId),
  );
  assert.equal(both[0]?.imageId, d.scope.newest(ImageFamily)?.imageId);
};

/** Names that nobody gave, and the names of others, name nothing. */
const resolveOthers = async (d: Do, pick: number): Promise<void> => {
  for (const family of ['never-heard-of', `${familyOf(pick)}x`, familyOf(pick).toUpperCase()]) {
    const body = await asked(d, 'DescribeImageFromFamily', { ImageFamily: family }, undefined);
    assert.deepEqual(body.Image, {});
  }
};

/** Bytes and rows that nobody needs go; what a token still stands for stays. */
const sweep = async ({ model, real }: Do): Promise<void> => {
  await real.harness.kindred.jobs.sweep();
  for (const [i, scope] of model.scopes.entries())
    for (const { action, parameters } of scope.forgetExpired(real.clock.wallMs())) {
      const { ClientToken = '' } = parameters;
      const row = await real.harness.store.read((tx) =>
        tx.token(real.scopes[i]!, action, ClientToken),
      );
      assert.equal(row, undefined, 'an expired token stayed');
    }
};

type Kind = (d: Do, pick: number, second: number) => Promise<unknown>;

const KINDS: Readonly<Record<string, { weight: number; run: Kind }>> = {
  import: { weight: 5, run: importImage },
  createImage: { weight: 7, run: createImage },
  createSeveral: {
    weight: 3,
    async run(d, pick, second) {
      for (let i = 0; i < 4; i++) await createImage(d, pick * 8 + 1, second + i);
    },
  },
  finishJobs: { weight: 6, run: finishJobs },
  setFamily: {
    weight: 7,
    run: (d, pick, second) => {
      const imageId = imageOf(d, pick);
      const ImageFamily = familyOf(second);
      return modify(d, imageId, { ImageFamily }, d.scope.setFamily(imageId, ImageFamily));
    },
  },
  rename: {
    weight: 2,
    run: (d, pick, second) => {
      const imageId = imageOf(d, pick);
      return modify(
        d,
        imageId,
        { ImageName: nameOf(second) },
        d.scope.rename(imageId, nameOf(second)),
      );
    },
  },
  deprecate: {
    weight: 4,
    run: (d, pick) => {
      const imageId = imageOf(d, pick);
      return modify(
        d,
        imageId,
        { Status: 'Deprecated' },
        d.scope.turn(imageId, 'Available', 'Deprecated'),
      );
    },
  },
  restore: {
    weight: 3,
    run: (d, pick) => {
      const imageId = imageOf(d, pick);
      return modify(
        d,
        imageId,
        { Status: 'Available' },
        d.scope.turn(imageId, 'Deprecated', 'Available'),
      );
    },
  },
  delete: {
    weight: 3,
    run: (d, pick) => {
      const imageId = imageOf(d, pick);
      return asked(d, 'DeleteImage', { ImageId: imageId }, d.scope.remove(imageId));
    },
  },
  deleteSnapshot: {
    weight: 2,
    run: (d, pick) => {
      const snapshotId = at(d.scope.snapshotIds, pick) ?? 's-bp1neverneverneverne';
      return asked(
        d,
        'DeleteSnapshot',
        { SnapshotId: snapshotId },
        d.scope.removeSnapshot(snapshotId),
      );
    },
  },
  cancel: {
    weight: 2,
    run: (d, pick) => {
      const taskId = at([...d.scope.tasks.keys()], pick) ?? 't-bp1neverneverneverne';
      return asked(d, 'CancelTask', { TaskId: taskId }, d.scope.cancel(taskId));
    },
  },
  tag: { weight: 1, run: (d, pick) => tagged(d, pick, false) },
  untag: { weight: 1, run: (d, pick) => tagged(d, pick, true) },
  advance: {
    weight: 3,
    run: async ({ real }, pick) => real.clock.advance(at(FUTURE_MS, pick) ?? 1),
  },
  stepBack: {
    weight: 2,
    run: async ({ real }, pick) => real.clock.advance(-(at(PAST_MS, pick) ?? 1)),
  },
  retry: { weight: 2, run: retry },
  restart: { weight: 1, run: ({ real }) => real.restart() },
  sweep: { weight: 1, run: sweep },
  listPages: { weight: 2, run: listPages },
  resolve: { weight: 1, run: resolveOthers },
};

/** One command as plain data, so that a failing run can be read and repeated. */
export interface Command {
  kind: string;
  at: number;
  pick: number;
  second: number;
}

/** Two disks and an image in a family in each scope: from nothing, a run would mostly hear "not found". */
export const furnish = async (model: Model, real: Real): Promise<void> => {
  for (const [at, scope] of model.scopes.entries())
    for (const pick of [0, 1]) await importImage({ model, scope, at, real }, pick, pick);
  await finishJobs({ model, real });
};

export const perform = async (model: Model, real: Real, command: Command): Promise<void> => {
  const { kind, at, pick, second } = command;
  const scope = model.scopes[at]!;
  await KINDS[kind]?.run({ model, scope, at, real }, pick, second);
};

const KIND_NAMES = Object.entries(KINDS).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name),
);

/** Runs of `count` commands. `nothing` does nothing: a failing run becomes shorter by it. */
export const commandRuns = (count: number): fc.Arbitrary<Command[]> =>
  fc.array(
    fc.record(
      {
        kind: fc.constantFrom('nothing', ...KIND_NAMES),
        at: fc.constantFrom(0, 0, 0, 1, 2),
        pick: fc.nat(1 << 16),
        second: fc.nat(1 << 16),
      },
      { noNullPrototype: true },
    ),
    { minLength: count, maxLength: count },
  );
