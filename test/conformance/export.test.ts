// Exports as the official clients of Node make and follow them: the file in the bucket holds the bytes
// that the image was imported from, and the task names it. Another export is cancelled.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { CLIENTS, type Answer, type Call } from './clients.ts';
import { prepareImage } from './prepare.ts';
import { recorded } from './record.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const ATTEMPTS = 20;

const ended = (call: Call, TaskId: string): Promise<Answer> =>
  until(async () => {
    const task = await call('DescribeTaskAttribute', { RegionId: REGION, TaskId });
    assert.equal(task.TaskAction, 'ExportImage');
    return ['Waiting', 'Processing'].includes(task.TaskStatus) ? undefined : task;
  }, TaskId);

/** Exports until one could be cancelled: a small image may be there sooner. Gives that task. */
const cancelOne = async (call: Call, wanted: Answer): Promise<Answer> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { TaskId } = await call('ExportImage', { ...wanted, OSSPrefix: `other${attempt}` });
    const isCancelled = await call('CancelTask', { RegionId: REGION, TaskId }).then(
      () => true,
      () => false,
    );
    const task = await ended(call, TaskId);
    assert.equal(task.TaskStatus, isCancelled ? 'Deleted' : 'Finished');
    if (isCancelled) return task;
  }
  assert.fail(`none of ${ATTEMPTS} exports could be cancelled`);
};

test('exports', { concurrency: CLIENTS.length }, async (t) => {
  const server = await conformance(t);
  const run = randomBytes(3).toString('hex');
  const stories = CLIENTS.map(({ name, id, connect }, i) =>
    t.test(name, async (t) => {
      const bucket = `export-${run}-${i}`;
      // The image's own bucket is the operator's, and there.
      const { imageId } = await prepareImage(server, bucket);
      const { target } = server;
      const call = connect(id === undefined ? target : await recorded(t, target, id));
      const wanted = { RegionId: REGION, ImageId: imageId, OSSBucket: bucket };
      const { TaskId, RegionId } = await call('ExportImage', { ...wanted, OSSPrefix: 'out' });
      assert.equal(RegionId, REGION);
      const task = await ended(call, TaskId);
      assert.deepEqual([task.TaskStatus, task.TaskProcess], ['Finished', '100%']);
      const [piece] = task.OperationProgressSet.OperationProgress;
      const object = `out_${imageId}_system.qcow2`;
      assert.deepEqual(piece.RelatedItemSet.RelatedItem, [
        { Name: 'OSSBucket', Value: bucket },
        { Name: 'OSSObject', Value: object },
        { Name: 'ImageFormat', Value: 'qcow2' },
      ]);
      const imported = server.getObject(bucket, 'disk.qcow2');
      assert.ok(server.getObject(bucket, object).equals(imported));
      const { OperationProgressSet } = await cancelOne(call, wanted);
      assert.deepEqual(OperationProgressSet.OperationProgress, []);
    }),
  );
  await Promise.all(stories);
});
