import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ModifySnapshotAttribute } from './ModifySnapshotAttribute.ts';

const SnapshotId = 's-bp1ejhb4r1lyu55t0abc';

testOperation(ModifySnapshotAttribute, {
  MissingParameter: (t) => t.call({}),
  'InvalidSnapshotName.Malformed': (t) => t.call({ SnapshotId, SnapshotName: 'auto-nightly' }),
  'InvalidDescription.Malformed': (t) => t.call({ SnapshotId, Description: 'http://a' }),
  'InvalidRetentionDays.Malformed': (t) => t.call({ SnapshotId, RetentionDays: '0' }),
  'InvalidRegionId.NotFound': (t) => t.call({ SnapshotId, RegionId: 'cn-nowhere' }),
  'InvalidSnapshotId.NotFound': async (t) => {
    const { snapshotId } = await t.k.importImage();
    return t.call({ SnapshotId: snapshotId, RegionId: 'cn-beijing', SnapshotName: 'elsewhere' });
  },
});

test('changes what is given, found by the id alone', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const shown = async () =>
    (
      await k.call('DescribeSnapshots', {
        RegionId: REGION,
        SnapshotIds: JSON.stringify([snapshotId]),
      })
    ).Snapshots.Snapshot[0];
  const before = await shown();
  k.clock.advance(60_000);
  const one = { SnapshotId: snapshotId };
  await k.call('ModifySnapshotAttribute', one);
  assert.deepEqual(await shown(), before);
  await k.call('ModifySnapshotAttribute', { ...one, SnapshotName: 'nightly', RetentionDays: '50' });
  await k.call('ModifySnapshotAttribute', { ...one, Description: 'Basis für Web' });
  const after = await shown();
  assert.deepEqual(
    [after.SnapshotName, after.Description, after.RetentionDays],
    ['nightly', 'Basis für Web', 50],
  );
  assert.equal(after.CreationTime, before.CreationTime);
  assert.notEqual(after.LastModifiedTime, before.LastModifiedTime);
});
