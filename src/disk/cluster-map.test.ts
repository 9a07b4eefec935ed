import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterMap, WINDOW_CLUSTERS } from './cluster-map.ts';
import { ExtentMap } from './extent-map.ts';

test('a cluster has one owner, but compressed data may share', () => {
  const map = new ClusterMap(100).moveTo(0);
  map.take(3);
  assert.throws(() => map.take(3), { reason: 'QCOW2_OVERLAP' });
  map.takeCompressed(4);
  map.takeCompressed(4);
  assert.throws(() => map.take(4), { reason: 'QCOW2_OVERLAP' });
  assert.throws(() => map.takeCompressed(3), { reason: 'QCOW2_OVERLAP' });
  map.takeRange(5 * 512, 513, 9);
  assert.throws(() => map.take(6), { reason: 'QCOW2_OVERLAP' });
  map.take(7);
});

test('clusters outside the window are left to another pass', () => {
  const map = new ClusterMap(WINDOW_CLUSTERS + 10).moveTo(WINDOW_CLUSTERS);
  map.take(3);
  map.take(3);
  map.takeRange(0, 2 ** 50, 9);
  assert.throws(() => map.take(WINDOW_CLUSTERS + 9), { reason: 'QCOW2_OVERLAP' });
  map.take(WINDOW_CLUSTERS + 10);
});

test('stretches may touch and never overlap', () => {
  const map = new ExtentMap(10 * 512, 0, 10);
  assert.equal(map.take(13), true);
  for (const sector of [4, 9, 12, 13, 14, 22]) assert.equal(map.take(sector), false, `${sector}`);
  assert.equal(map.take(23), true);
  assert.equal(map.take(3), true);
});
