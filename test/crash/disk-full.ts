// A disk without room, on a small file system in memory: imports end with the reason and give the space
// back, writes are refused as unavailable, reads go on, and once there is room again everything works
// without a restart. The server wants 64 MiB free before it imports, so that the disk has 96.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { Api } from './api.ts';
import { REGION } from './client.ts';
import { BUCKET, Objects } from './objects.ts';
import type { Program } from './program.ts';
import { KEY, start } from './server-process.ts';
import { eventually } from './settle.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const MIB = 2 ** 20;
const DISK_MIB = 96;
/** More than one page of the file of used nonces. */
const MANY_READS = 800;
const MANY_WRITES = 60;

const probe = mountSmallDisk(1);
const skip = typeof probe === 'string' ? probe : false;
if (typeof probe !== 'string') probe.remove();

interface Place {
  disk: SmallDisk;
  api: Api;
  log(): string;
  importObject(object: string): Promise<{ imageId: string; errorCode: string; status: string }>;
}

const openPlace = async (t: TestContext, program: Program): Promise<Place> => {
  const disk = mountSmallDisk(DISK_MIB);
  assert.ok(typeof disk !== 'string');
  const buckets = mkdtempSync(join(tmpdir(), 'kindred-buckets-'));
  const objects = new Objects(buckets, 1);
  objects.forgetFresh();
  writeFileSync(join(buckets, BUCKET, 'too-large.raw'), '');
  truncateSync(join(buckets, BUCKET, 'too-large.raw'), 40 * MIB);
  const later = makeQcow2({ virtualSizeBytes: 2 ** 30, guestData: { seed: 77, sizeBytes: MIB } });
  writeFileSync(join(buckets, BUCKET, 'later.qcow2'), later);
  const server = await start(program, {
    dataDir: join(disk.path, 'data'),
    args: ['--buckets', buckets],
  });
  const api = new Api(server.port, KEY);
  t.after(async () => {
    api.close();
    await server.kill();
    disk.remove();
    rmSync(buckets, { recursive: true });
  });
  return { disk, api, log: () => server.log, importObject: (object) => importObject(api, object) };
};

const importObject = async (api: Api, object: string) => {
  const accepted = await api.must('ImportImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.OSSBucket': BUCKET,
    'DiskDeviceMapping.1.OSSObject': object,
  });
  const parameters = { RegionId: REGION, TaskId: accepted.TaskId };
  let task = await api.must('DescribeTaskAttribute', parameters);
  await eventually(async () => {
    task = await api.must('DescribeTaskAttribute', parameters);
    return task.TaskStatus !== 'Processing';
  });
  return {
    imageId: accepted.ImageId as string,
    errorCode: task.OperationProgressSet.OperationProgress[0]?.ErrorCode ?? '',
    status: task.TaskStatus as string,
  };
};

/** `npm test` runs these from recovery.test.ts. */
export const testFullDisk = (program: Program): void => {
  test(
    'an import without room fails with the reason and gives the room back',
    { skip },
    async (t) => {
      const { api, disk, importObject: imports } = await openPlace(t, program);
      assert.equal((await imports('small.qcow2')).status, 'Finished');
      const freeBefore = disk.freeBytes();
      const failed = await imports('too-large.raw');
      assert.deepEqual([failed.status, failed.errorCode], ['Failed', 'NO_SPACE']);
      const parameters = { RegionId: REGION, ImageId: failed.imageId, Status: 'ALL' };
      const { Images } = await api.must('DescribeImages', parameters);
      assert.equal(Images.Image[0].Status, 'CreateFailed');
      assert.ok(freeBefore - disk.freeBytes() < MIB, 'the room was not given back');
      assert.equal((await imports('later.qcow2')).status, 'Finished');
      assert.equal((await api.must('Fsck')).DifferenceCount, 0);
    },
  );

  test(
    'on a disk without a free byte writes are 503, reads go on, and it heals',
    { skip },
    async (t) => {
      const { api, disk, importObject: imports, log } = await openPlace(t, program);
      const { imageId } = await imports('small.qcow2');
      const family = { RegionId: REGION, ImageFamily: 'web' };
      await api.must('ModifyImageAttribute', { ...family, ImageId: imageId });
      disk.fill();
      const describe = (i: number) => ({
        RegionId: REGION,
        ImageId: imageId,
        Description: `try ${i}`,
      });
      const codes = new Set<string>();
      for (let i = 0; i < MANY_WRITES; i++) {
        const answer = await api.call('ModifyImageAttribute', describe(i));
        codes.add(
          answer.outcome === 'refused' ? `${answer.status} ${answer.code}` : answer.outcome,
        );
      }
      codes.delete('ok');
      assert.deepEqual([...codes], ['503 ServiceUnavailable'], log());
      for (let i = 0; i < MANY_READS; i++)
        assert.equal((await api.must('DescribeImageFromFamily', family)).Image.ImageId, imageId);
      const content = await api.must('DescribeImageContent', {
        RegionId: REGION,
        ImageId: imageId,
      });
      assert.equal((await api.get(content.Disks.Disk[0].Url)).status, 200);

      disk.drain();
      await api.must('ModifyImageAttribute', describe(MANY_WRITES));
      assert.equal((await api.get('/health')).status, 200);
      assert.equal((await imports('later.qcow2')).status, 'Finished');
      assert.equal((await api.must('Fsck')).DifferenceCount, 0);
    },
  );
};
