// Executions of image pipelines: killed at every point and taken up by the next process; every step run
// twice; cancelled where the process died.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelJob } from '../../src/domain/image-pipeline-execution.ts';
import { acceptResource } from '../../src/domain/resource-lifecycle.ts';
import { giveUp } from '../../src/domain/publish-images.ts';
import { NO_IMAGE } from '../../src/domain/job.ts';
import type { FaultPoint } from '../../src/lib/fault.ts';
import { acceptFarExecution, assertBuilt, executionOf } from './execution-fixture.ts';
import { FAR, newPlace, openPlace, rowCount, scope, write } from './jobs-fixture.ts';
import { good, importedDir } from './imported-dir.ts';
import { killed, runChild } from './run-child.ts';

const OF_EXECUTION = [
  'execution.accepted',
  'execution.begun',
  'execution.distributed',
  'execution.publish',
  'execution.published',
] as const satisfies FaultPoint[];

/** The first copy is the built image itself, the second the one in the far region. */
const POINTS: readonly (readonly [FaultPoint, number])[] = [
  ...OF_EXECUTION.map((point) => [point, 1] as const),
  ['copy.finish', 1],
  ['copy.finished', 1],
  ['copy.staged', 1],
  ['copy.finish', 2],
  ['copy.finished', 2],
];

const farRegions = [FAR.regionId];

for (const [point, occurrence] of POINTS)
  test(`killed at ${point} (${occurrence}) of an execution, the next process ends it`, async (t) => {
    const { dataDir } = await importedDir(t);
    const { signal, errors } = await runChild(dataDir, killed(point, occurrence), 'execute');
    assert.equal(signal, 'SIGKILL', errors);
    const place = await openPlace(dataDir, { farRegions });
    await place.engine.start();
    await place.engine.finishAll();
    await assertBuilt(place, good);
    await place.close();
    assert.deepEqual([rowCount(dataDir, 'blob_lease'), rowCount(dataDir, 'job')], [0, 0]);
  });

for (const point of ['execution.begun', 'execution.distributed'] as const)
  test(`the step of an execution that ends at ${point} has one effect when it runs twice`, async (t) => {
    const { dataDir } = await importedDir(t);
    // After its effect and before its checkpoint: the engine runs the step again.
    const faultPlan = { point, occurrence: 1, action: 'throw' } as const;
    const place = await openPlace(dataDir, { farRegions, faultPlan });
    await acceptFarExecution(place);
    await place.engine.start();
    await place.engine.finishAll();
    assert.ok(place.logged.some(({ message }) => message === 'a step of a job failed'));
    await assertBuilt(place, good);
    await place.close();
  });

for (const point of ['execution.begun', 'execution.distributed', 'copy.staged'] as const)
  test(`cancelled after it was killed at ${point}, an execution leaves nothing`, async (t) => {
    const { dataDir } = await importedDir(t);
    const { signal, errors } = await runChild(dataDir, killed(point), 'execute');
    assert.equal(signal, 'SIGKILL', errors);
    const place = await openPlace(dataDir, { farRegions, graceMs: 0 });
    const execution = await executionOf(place);
    assert.ok(['BUILDING', 'DISTRIBUTING'].includes(execution.status), execution.status);
    await write(place, async (tx) => {
      await cancelJob(tx, execution);
      await giveUp(tx, execution, 'CANCELLED', { errorCode: '', errorMessage: 'Cancelled.' });
    });
    await place.engine.start();
    await place.engine.finishAll();
    await place.parts.sweep.run();
    const { store, stores } = place.parts;
    const page = { limit: 9, offset: 0 };
    const near = await store.read((tx) => tx.images(scope, {}, page));
    const far = await store.read((tx) => tx.images(FAR, {}, page));
    assert.ok(near.rows.every(({ origin }) => origin === 'ImportImage'));
    assert.equal(far.total, 0);
    assert.equal((await store.read((tx) => tx.snapshots(FAR, {}, page))).total, 0);
    assert.deepEqual(await stores.of(FAR.regionId).staging.list(), []);
    for await (const stored of stores.of(FAR.regionId).blobs.list()) assert.fail(stored.digest);
    assert.equal((await executionOf(place)).status, 'CANCELLED');
    await place.close();
    assert.deepEqual([rowCount(dataDir, 'blob_lease'), rowCount(dataDir, 'job')], [0, 0]);
  });

test('what is in use meanwhile is kept by a cancelled execution, and named', async (t) => {
  const { dataDir } = await importedDir(t);
  await runChild(dataDir, killed('execution.distributed'), 'execute');
  const place = await openPlace(dataDir, { farRegions });
  const execution = await executionOf(place);
  const [home] = execution.detail.images;
  assert.ok(home);
  await write(place, async (tx) => {
    const record = { ...scope, resourceType: 'instance', resourceId: 'i-bp1test' } as const;
    const made = { parentId: '', imageId: home.imageId, resourceGroupId: '', status: 'Running' };
    await acceptResource(tx, { ...record, ...made, resourceName: 'user', detail: {} });
    await cancelJob(tx, execution);
    await giveUp(tx, execution, 'CANCELLED', { errorCode: '', errorMessage: 'Cancelled.' });
  });
  await place.engine.start();
  await place.engine.finishAll();
  const kept = await place.parts.store.read((tx) => tx.image(scope, home.imageId));
  assert.equal(kept?.status, 'Available');
  const { detail } = await executionOf(place);
  assert.equal(detail.message, `Cancelled. In use meanwhile, and therefore kept: ${home.imageId}.`);
  await place.close();
});

test('however many executions wait, the jobs that they wait for are seen', async (t) => {
  const place = await newPlace(t);
  const waiting = { ...scope, taskId: null, step: 'build', state: '{}', attempts: 0 } as const;
  const jobs = ['ImagePipelineExecution:exec-1', 'ImagePipelineExecution:exec-2', 'CopyImage:m:n'];
  await write(place, async (tx) => {
    for (const [creationMs, jobId] of jobs.entries()) {
      const kind = jobId.startsWith('Copy') ? 'CopyImage' : 'ImagePipelineExecution';
      const job = { ...waiting, jobId, kind, creationMs, imageId: NO_IMAGE } as const;
      await tx.insertJob({ ...job, status: 'ready' });
    }
  });
  const seen = await place.parts.store.read((tx) => tx.openJobs(2));
  assert.deepEqual(
    seen.map(({ jobId }) => jobId),
    ['CopyImage:m:n', 'ImagePipelineExecution:exec-1'],
  );
});
