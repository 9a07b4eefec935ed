// What the model test may do: some fifteen kinds of commands. Each asks the model what must come of it,
// does it, and compares. A choice (`pick`) is a number taken modulo what there is, so that a run
// stays the same run while it is made shorter.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compare, FAMILIES, type Resolver } from './compare.ts';
import type { Model, ModelScope } from './model.ts';
import { digestOf, OBJECTS, type Real } from './real.ts';

export type Command = fc.AsyncCommand<Model, Real>;

interface Do {
  model: Model;
  scope: ModelScope;
  /** Index of the scope. */
  at: number;
  real: Real;
}

const NAMES = ['golden', 'nightly', 'Golden', 'base', 'edge-1', 'edge-2', 'edge-3', 'old', 'new', 'x1'];
const PAST_MS = [1_000, 3_600_000, 365 * 86_400_000];
const FUTURE_MS = [1, 999, 61_000, 25 * 3_600_000];

const at = <T>(items: readonly T[], pick: number): T | undefined => items[pick % items.length];
const nameOf = (pick: number): string => at(NAMES, pick) ?? '';
const familyOf = (pick: number): string => at(FAMILIES, pick) ?? '';

/** Recent ones are chosen more often; one in four that may be long gone. */
const imageOf = ({ scope }: Do, pick: number): string =>
  (pick % 4 === 0 ? at(scope.imageIds, pick >> 2) : at([...scope.images.keys()], pick >> 2)) ??
  'm-bp1neverneverneverne';

const asked = async (
  d: Do,
  action: string,
  parameters: Readonly<Record<string, string>>,
  expected: string | undefined,
) => {
  const { body, code } = await d.real.call(d.at, action, parameters);
  assert.equal(code, expected, `${action} ${JSON.stringify(parameters)}`);
  return body;
};

const importImage = async (d: Do, pick: number, name: number): Promise<void> => {
  const { scope, real } = d;
  const chosen = at(OBJECTS, pick) ?? OBJECTS[0];
  const parameters = {
    ImageName: nameOf(name),
    ClientToken: `import-${d.at}-${scope.imageIds.length}-${pick}`,
    'DiskDeviceMapping.1.OSSBucket': real.scopes[d.at]!.bucket,
    'DiskDeviceMapping.1.OSSObject': chosen.object,
  };
  const expected = scope.named(nameOf(name)) && 'InvalidImageName.Duplicated';
  const body = await asked(d, 'ImportImage', parameters, expected);
  if (expected !== undefined) return;
  const { ImageId: imageId, TaskId: taskId } = body;
  assert.ok(!scope.imageIds.includes(imageId), 'an id came back');
  const image = await real.harness.store.read((tx) => tx.image(real.scopes[d.at]!, imageId));
  const snapshotId = image?.disks[0]?.snapshotId ?? '';
  real.objectOf.set(snapshotId, chosen);
  scope.snapshots.set(snapshotId, { snapshotId, isAccomplished: false, digest: '' });
  scope.snapshotIds.push(snapshotId);
  scope.tasks.set(taskId, { taskId, imageId, status: 'Processing' });
  const nowMs = real.clock.wallMs();
  const { isGood } = chosen;
  scope.accept({ imageId, imageName: nameOf(name), family: null, origin: 'ImportImage', isGood, snapshotId }, nowMs);
  scope.remember({ action: 'ImportImage', parameters, imageId }, nowMs);
};

const refusalOfCreate = (scope: ModelScope, snapshotId: string, name: string, family: string | null) => {
  const snapshot = scope.snapshots.get(snapshotId);
  if (snapshot === undefined) return 'InvalidSnapshotId.NotFound';
  if (!snapshot.isAccomplished) return 'InvalidSnapshotId.NotReady';
  if (scope.named(name)) return 'InvalidImageName.Duplicated';
  const fault = family === null ? undefined : scope.familyFault(family);
  if (fault === undefined) return undefined;
  return fault === 'family-full' ? 'ImageQuotaExceed.ImageFamily' : 'ImageFamilyQuotaExceed';
};

const createImage = async (d: Do, pick: number, name: number): Promise<void> => {
  const { scope } = d;
  const ready = [...scope.snapshots.values()].filter((snapshot) => snapshot.isAccomplished);
  const some = pick % 8 === 0 ? at(scope.snapshotIds, pick >> 3) : at(ready, pick >> 3)?.snapshotId;
  const snapshotId = some ?? 's-bp1neverneverneverne';
  const family = pick % 3 === 0 ? null : familyOf(pick >> 3);
  const imageName = nameOf(name);
  const parameters = {
    ImageName: imageName,
    SnapshotId: snapshotId,
    ClientToken: `create-${d.at}-${scope.imageIds.length}-${pick}`,
    ...(family === null ? {} : { ImageFamily: family }),
  };
  const expected = refusalOfCreate(scope, snapshotId, imageName, family);
  const body = await asked(d, 'CreateImage', parameters, expected);
  if (expected !== undefined) return;
  const nowMs = d.real.clock.wallMs();
  const imageId = body.ImageId;
  scope.accept({ imageId, imageName, family, origin: 'CreateImage', isGood: true, snapshotId }, nowMs);
  scope.remember({ action: 'CreateImage', parameters, imageId }, nowMs);
};

export const finishJobs = async ({ model, real }: Pick<Do, 'model' | 'real'>): Promise<void> => {
  await real.harness.finishJobs();
  for (const scope of model.scopes)
    scope.finishJobs((snapshotId) => digestOf(real.objectOf.get(snapshotId)!.bytes));
};

const modify = (d: Do, imageId: string, set: Record<string, string>, expected: string | undefined) =>
  asked(d, 'ModifyImageAttribute', { ImageId: imageId, ...set }, expected);

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

/** The same call again has no effect and the same answer; another one under the token is refused. */
const retry = async (d: Do, pick: number): Promise<void> => {
  const token = at(d.scope.tokens, pick);
  if (token === undefined || token.expiresMs <= d.real.clock.wallMs()) return;
  const body = await asked(d, token.action, token.parameters, undefined);
  assert.equal(body.ImageId, token.imageId);
  const mismatch = token.action === 'ImportImage' ? 'IdempotentParameterMismatch' : 'IdempotenceParamNotMatch';
  await asked(d, token.action, { ...token.parameters, Description: 'another wish' }, mismatch);
};

/** Page after page the list is every image once, newest first; a filter is what it says. */
const listPages = async (d: Do, pick: number): Promise<void> => {
  const PageSize = String(1 + (pick % 7));
  const ids: string[] = [];
  for (let page = 1; ; page++) {
    const body = await asked(d, 'DescribeImages', { Status: 'ALL', PageSize, PageNumber: String(page) }, undefined);
    assert.equal(body.TotalCount, d.scope.images.size);
    if (body.Images.Image.length === 0) break;
    for (const { ImageId } of body.Images.Image) ids.push(ImageId);
  }
  const order = d.scope.list().toSorted((a, b) => b.seq - a.seq);
  assert.deepEqual(ids, order.map(({ imageId }) => imageId));
  const ImageFamily = familyOf(pick);
  const filtered = await asked(d, 'DescribeImages', { ImageFamily, PageSize: '100' }, undefined);
  const both = order.filter(({ family, status }) => family === ImageFamily && status === 'Available');
  assert.deepEqual(filtered.Images.Image.map((row: { ImageId: string }) => row.ImageId), both.map(({ imageId }) => imageId));
  assert.equal(both[0]?.imageId, d.scope.newest(ImageFamily)?.imageId);
};

/** Names that nobody gave, and the names of others, name nothing. */
const resolveOthers = async (d: Do, pick: number): Promise<void> => {
  for (const family of ['never-heard-of', `${familyOf(pick)}x`, familyOf(pick).toUpperCase()]) {
    const body = await asked(d, 'DescribeImageFromFamily', { ImageFamily: family }, undefined);
    assert.deepEqual(body.Image, {});
  }
};

type Kind = (d: Do, pick: number, second: number) => Promise<unknown>;

const KINDS: Readonly<Record<string, { weight: number; run: Kind }>> = {
  import: { weight: 5, run: importImage },
  createImage: { weight: 9, run: createImage },
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
      return modify(d, imageId, { ImageName: nameOf(second) }, d.scope.rename(imageId, nameOf(second)));
    },
  },
  deprecate: {
    weight: 4,
    run: (d, pick) => {
      const imageId = imageOf(d, pick);
      return modify(d, imageId, { Status: 'Deprecated' }, d.scope.turn(imageId, 'Available', 'Deprecated'));
    },
  },
  restore: {
    weight: 3,
    run: (d, pick) => {
      const imageId = imageOf(d, pick);
      return modify(d, imageId, { Status: 'Available' }, d.scope.turn(imageId, 'Deprecated', 'Available'));
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
      return asked(d, 'DeleteSnapshot', { SnapshotId: snapshotId }, d.scope.removeSnapshot(snapshotId));
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
  advance: { weight: 3, run: async ({ real }, pick) => real.clock.advance(at(FUTURE_MS, pick) ?? 1) },
  stepBack: { weight: 2, run: async ({ real }, pick) => real.clock.advance(-(at(PAST_MS, pick) ?? 1)) },
  retry: { weight: 2, run: retry },
  restart: { weight: 1, run: ({ real }) => real.restart() },
  sweep: { weight: 1, run: ({ real }) => real.harness.kindred.jobs.sweep() },
  listPages: { weight: 2, run: listPages },
  resolve: { weight: 1, run: resolveOthers },
};

/** Runs of up to `maxCommands` commands; `resolve` is what the comparison is to believe. */
export const commandRuns = (maxCommands: number, resolve: Resolver) => {
  const kinds = Object.entries(KINDS).flatMap(([name, { weight, run }]) =>
    Array.from({ length: weight }, () =>
      fc
        .tuple(fc.constantFrom(0, 0, 0, 1, 2), fc.nat(1 << 16), fc.nat(1 << 16))
        .map(([at, pick, second]): Command => ({
          check: () => true,
          toString: () => `${name}(scope ${at}, ${pick}, ${second})`,
          async run(model, real) {
            const scope = model.scopes[at]!;
            await run({ model, scope, at, real }, pick, second);
            await compare(model, real, resolve);
          },
        })),
    ),
  );
  return fc.commands(kinds, { maxCommands, size: 'max' });
};
