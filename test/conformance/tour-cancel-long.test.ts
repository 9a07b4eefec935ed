// What can be called off, by the current Go SDK: a copy whose bytes are on their way into the store of
// another region, and an execution of a pipeline that rests before it begins. Both need a server of
// their own settings; one that KINDRED_URL names is left in peace.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { available } from './prepare.ts';
import { REGION } from './story-plans.ts';
import { tour, type Tour } from './tour.ts';

const FAR = 'cn-beijing';
/** Zeros enough that a copy of them can still be cancelled in the next call. */
const SLOW_BYTES = 256 * 2 ** 20;
const HOLD_S = 60;

const store = mkdtempSync(join(tmpdir(), 'kindred-far-'));
after(() => rmSync(store, { recursive: true, force: true }));

const copy = async ({ call, server, name }: Tour): Promise<void> => {
  server.putObject(name, 'slow.raw', new Uint8Array(SLOW_BYTES));
  const imported = await call('ImportImage', {
    RegionId: REGION,
    ImageName: `${name}-slow`,
    DiskDeviceMapping: [{ Format: 'RAW', OSSBucket: name, OSSObject: 'slow.raw' }],
  });
  await available(call, imported.ImageId);
  const { ImageId } = await call('CopyImage', {
    RegionId: REGION,
    ImageId: imported.ImageId,
    DestinationRegionId: FAR,
  });
  await call('CancelCopyImage', { RegionId: FAR, ImageId });
  const left = { RegionId: FAR, ImageId, Status: 'ALL' };
  assert.equal((await call('DescribeImages', left)).TotalCount, 0);
};

const execution = async ({ call, name }: Tour): Promise<void> => {
  const { ImagePipelineId } = await call('CreateImagePipeline', {
    RegionId: REGION,
    Name: name,
    BaseImageType: 'IMAGE_FAMILY',
    BaseImage: name,
    ImageOptions: { ImageName: `${name}-built`, ImageFamily: `${name}.built` },
  });
  const where = { RegionId: REGION, ImagePipelineId };
  const { ExecutionId } = await call('StartImagePipelineExecution', where);
  await call('CancelImagePipelineExecution', { RegionId: REGION, ExecutionId });
  const seen = await call('DescribeImagePipelineExecutions', { RegionId: REGION, ExecutionId });
  assert.equal(seen.ImagePipelineExecution.ImagePipelineExecutionSet[0].Status, 'CANCELLED');
  const family = { RegionId: REGION, ImageFamily: `${name}.built` };
  assert.deepEqual((await call('DescribeImageFromFamily', family)).Image, {});
};

const cancel = async (here: Tour): Promise<void> => {
  if (here.server.server === undefined) return;
  await copy(here);
  await execution(here);
};

const args = ['--region-blobs', `${FAR}=${store}`, '--pipeline-hold', String(HOLD_S)];
tour('a tour of what can be cancelled', cancel, args);
