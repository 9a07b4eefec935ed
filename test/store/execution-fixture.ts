// Executions accepted as the API accepts them, and what must be true of one that has ended.
import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import {
  acceptExecution,
  asExecution,
  type Execution,
} from '../../src/domain/image-pipeline-execution.ts';
import type { ImagePipelineDetail } from '../../src/domain/image-pipeline.ts';
import { changeFamily } from '../../src/domain/image-lifecycle.ts';
import { acceptResource } from '../../src/domain/resource-lifecycle.ts';
import { DEFAULT_QUOTAS } from '../../src/domain/quota.ts';
import { FAR, scope, write, type Place } from './jobs-fixture.ts';

const PIPELINE = 'ip-bp1test';
export const EXECUTION = 'exec-bp1test';
const PAGE = { limit: 9, offset: 0 };

/** From the family `base` to the family `built`, here and in the far region. */
const DETAIL: ImagePipelineDetail = {
  description: '',
  baseImageType: 'IMAGE_FAMILY',
  baseImage: 'base',
  buildContent: '',
  testContent: '',
  components: [],
  instanceType: '',
  vSwitchId: '',
  internetMaxBandwidthOut: 0,
  deleteInstanceOnFailure: true,
  retainCloudAssistant: false,
  systemDiskSize: null,
  imageName: 'built',
  isSuffixDisabled: false,
  imageFamily: 'built',
  imageDescription: '',
  imageTags: [],
  nvmeSupport: '',
  addAccounts: [],
  toRegionIds: [FAR.regionId],
};

/** What CreateImagePipeline and StartImagePipelineExecution write, on the first Available image. */
export const acceptFarExecution = async (place: Place): Promise<void> => {
  const found = await place.parts.store.read((tx) =>
    tx.images(scope, { statuses: ['Available'] }, PAGE),
  );
  await write(place, async (tx) => {
    await changeFamily(tx, found.rows[0]!, 'base', DEFAULT_QUOTAS);
    const record = { ...scope, resourceType: 'imagepipeline', resourceId: PIPELINE } as const;
    const empty = { parentId: '', imageId: '', resourceGroupId: '', status: 'Available' };
    await acceptResource(tx, { ...record, ...empty, resourceName: PIPELINE, detail: DETAIL });
    const pipeline = await tx.resource(scope, 'imagepipeline', PIPELINE, tx.actor.nowMs);
    await acceptExecution(tx, pipeline!, EXECUTION, [], 0);
  });
};

export const executionOf = async (place: Place): Promise<Execution> => {
  const found = await place.parts.store.read((tx) =>
    tx.resource(scope, 'imagepipelineexecution', EXECUTION, 0),
  );
  assert.ok(found);
  return asExecution(found);
};

/** Asserts that it has made one image in each region, with the bytes, and that both are published. */
export const assertBuilt = async (place: Place, bytes: Uint8Array): Promise<void> => {
  const { status, detail } = await executionOf(place);
  assert.deepEqual([status, detail.message], ['SUCCESS', '']);
  for (const [i, region] of [scope, FAR].entries()) {
    const { rows } = await place.parts.store.read((tx) =>
      tx.images(region, { imageFamily: 'built' }, PAGE),
    );
    assert.deepEqual(
      rows.map((image) => [image.imageId, image.imageName, image.status]),
      [[detail.images[i]?.imageId, `built_${EXECUTION}`, 'Available']],
    );
    const snapshotId = rows[0]?.disks[0]?.snapshotId;
    const snapshot = await place.parts.store.read((tx) => tx.snapshot(region, snapshotId ?? ''));
    assert.ok(snapshot?.digest);
    const opened = await place.parts.stores.of(region.regionId).blobs.open(snapshot.digest);
    assert.ok(opened);
    assert.ok((await buffer(opened.stream)).equals(bytes));
  }
};
