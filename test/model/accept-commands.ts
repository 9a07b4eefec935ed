// The commands that make images, and the one that repeats them: import, create, retry with the token.
import assert from 'node:assert/strict';
import { asked, at, familyOf, nameOf, type Do } from './asked.ts';
import type { ModelScope } from './model.ts';
import { OBJECTS } from './real.ts';

export const importImage = async (d: Do, pick: number, name: number): Promise<void> => {
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
  scope.accept(
    { imageId, imageName: nameOf(name), family: null, origin: 'ImportImage', isGood, snapshotId },
    nowMs,
  );
  scope.remember({ action: 'ImportImage', parameters, imageId }, nowMs);
};

const refusalOfCreate = (
  scope: ModelScope,
  snapshotId: string,
  name: string,
  family: string | null,
) => {
  const snapshot = scope.snapshots.get(snapshotId);
  if (snapshot === undefined) return 'InvalidSnapshotId.NotFound';
  if (!snapshot.isAccomplished) return 'InvalidSnapshotId.NotReady';
  if (scope.named(name)) return 'InvalidImageName.Duplicated';
  const fault = family === null ? undefined : scope.familyFault(family);
  if (fault === undefined) return undefined;
  return fault === 'family-full' ? 'ImageQuotaExceed.ImageFamily' : 'ImageFamilyQuotaExceed';
};

export const createImage = async (d: Do, pick: number, name: number): Promise<void> => {
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
  scope.accept(
    { imageId, imageName, family, origin: 'CreateImage', isGood: true, snapshotId },
    nowMs,
  );
  scope.remember({ action: 'CreateImage', parameters, imageId }, nowMs);
};

/** The same call again has no effect and the same answer; another one under the token is refused. */
export const retry = async (d: Do, pick: number): Promise<void> => {
  const token = at(d.scope.tokens, pick);
  if (token === undefined || token.expiresMs <= d.real.clock.wallMs()) return;
  const body = await asked(d, token.action, token.parameters, undefined);
  assert.equal(body.ImageId, token.imageId);
  const mismatch =
    token.action === 'ImportImage' ? 'IdempotentParameterMismatch' : 'IdempotenceParamNotMatch';
  await asked(d, token.action, { ...token.parameters, Description: 'another wish' }, mismatch);
};
