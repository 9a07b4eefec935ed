import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_START } from '../../lib/hash-chain.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { servePaths } from '../../testing/paths.ts';
import { signedRequest } from '../../testing/sign.ts';
import { beginTrail } from './begin.ts';

const DAY_MS = 24 * 60 * 60_000;

const wholeTrail = async (k: Harness) => {
  const answer = await k.call('VerifyAuditTrail');
  assert.deepEqual(answer.Faults.Fault, []);
  return answer as { CheckedCount: number; LastSequence: number };
};

test('retention takes the front, says so, and what is left still verifies', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 3; i++) {
    await k.call('CreateVpc', { RegionId: REGION, VpcName: `old-${i}` });
    k.clock.advance(DAY_MS);
  }
  assert.equal(await k.kindred.house.trail.cut(), 0, 'nothing is old');
  k.clock.advance(364 * DAY_MS);
  await k.call('CreateVpc', { RegionId: REGION, VpcName: 'new' });
  assert.equal(await k.kindred.house.trail.cut(), 4, 'two of the start, two that are 366 days old');
  assert.equal(await k.kindred.house.trail.cut(), 0);
  const { CheckedCount, LastSequence } = await wholeTrail(k);
  assert.deepEqual([CheckedCount, LastSequence], [3, 7]);
  const { Lines, StartSequence, StartHash } = await k.call('ExportAuditRecords');
  const records = Lines.Line.map((line: string) => JSON.parse(line));
  assert.equal(records[0].sequence, 5);
  assert.deepEqual([StartSequence, StartHash], [4, records[0].previousHash]);
  const { eventName, additionalEventData } = records.at(-1);
  assert.equal(eventName, 'AuditRecordsExpired');
  assert.equal(additionalEventData.lastHash, StartHash);
  assert.notEqual(StartHash, CHAIN_START.hash);
});

test('a trail of which retention took all but the last goes on', async (t) => {
  const k = await kindred(t);
  k.clock.advance(800 * DAY_MS);
  assert.ok((await k.kindred.house.trail.cut()) > 0);
  await k.call('CreateVpc', { RegionId: REGION, VpcName: 'new' });
  await wholeTrail(k);
});

test('a restored installation has a key of its own, and the chain tells of it', async (t) => {
  const k = await kindred(t);
  const { house, directory } = k.kindred;
  const first = await beginTrail({ ...house, directory });
  assert.equal(first.publicKey, house.trail.signingKey.publicKey, 'a start adds nothing');
  const restored = await beginTrail({ ...house, directory: { ...directory, incarnation: 2 } });
  assert.notEqual(restored.publicKey, first.publicKey);
  const rows = await k.store.read((tx) => tx.auditRecordsAfter(0, 10));
  const { eventName, additionalEventData } = JSON.parse(rows.at(-1)!.record);
  assert.deepEqual([eventName, additionalEventData.incarnation], ['InstallationRestored', 2]);
  await wholeTrail(k);
});

test('a flood of refusals makes a bounded number of records and counts the rest', async (t) => {
  const k = await kindred(t);
  const { trail } = k.kindred.house;
  const before = (await k.store.read((tx) => tx.auditHead()))!.sequence;
  const call = (accessKeyId: string, remoteAddress: string) =>
    k.kindred.handle({
      ...signedRequest(
        { RegionId: REGION },
        {
          accessKeyId,
          accessKeySecret: 'wrong',
          action: 'DescribeImages',
          version: '2014-05-26',
          nowMs: k.clock.wallMs(),
        },
      ),
      remoteAddress,
    });
  for (let i = 0; i < 200; i++) await call(`LTAIunknown${i}`, '192.0.2.1');
  for (let i = 0; i < 50; i++) await call(`LTAIunknown${i}`, `198.51.100.${i}`);
  await trail.refused.flush();
  const rows = await k.store.read((tx) => tx.auditRecordsAfter(before, 1_000));
  const records = rows.map(({ record }) => JSON.parse(record));
  assert.equal(records[0].additionalEventData.count, 200, 'invented keys are one kind');
  assert.equal(records.length, 9);
  assert.equal(records.at(-1).eventName, 'RefusedCallsDropped');
  assert.equal(records.at(-1).additionalEventData.count, 43);
  assert.equal(trail.droppedCount, 43);
  await wholeTrail(k);
});

test('downloads are counted by image and reader with the bytes that were sent', async (t) => {
  const k = await kindred(t);
  const origin = await servePaths(t, k);
  const bytes = k.diskImage();
  const { imageId } = await k.importImage({ ImageName: 'web-1' }, { bytes });
  const web = { RegionId: REGION, ImageFamily: 'web' };
  await k.call('ModifyImageAttribute', { ...web, ImageId: imageId });
  await k.call('ModifyImageFamilyAccess', { ...web, Access: 'public-read' });
  const url = `${origin}/images/${imageId}/web-1.qcow2`;
  await (await fetch(url)).arrayBuffer();
  await (await fetch(url, { headers: { range: 'bytes=0-9' } })).arrayBuffer();
  await fetch(url, { method: 'HEAD' });
  const { Disks } = await k.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  await (await fetch(`${origin}${Disks.Disk[0].Url}`)).arrayBuffer();
  // The last answer is counted when its connection has taken it.
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  await k.kindred.house.trail.uses.flush();
  const { Uses } = await k.call('DescribeImageUses');
  const [anonymous, signed] = Uses.Use;
  assert.deepEqual([anonymous.Principal, anonymous.Downloads], ['anonymous', 2]);
  assert.deepEqual([signed.Principal, signed.Downloads], ['signed-address', 1]);
  for (const [use, sent] of [
    [anonymous, bytes.length + 10],
    [signed, bytes.length],
  ])
    assert.ok(use.Bytes >= sent && use.Bytes < sent + 2_000, `${use.Bytes} of ${sent}`);
});
