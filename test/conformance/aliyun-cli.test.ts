// The main path as a person types it: the `aliyun` command, unmodified, with its own waiter.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Input } from '../wire/corpus.ts';
import { ALIYUN_CLI, aliyunFor, skipWithoutAliyun } from './aliyun-cli.ts';
import type { Answer } from './clients.ts';
import { recorded } from './record.ts';
import { tellStory } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'the aliyun CLI';
const skip = skipWithoutAliyun(NAME);
const WAITER = ['--waiter', 'expr=Images.Image[0].Status', 'to=Available', 'interval=2'];

test(NAME, { skip, timeout: 110_000 }, async (t) => {
  const { target: server, putObject } = await conformance(t);
  const target = await recorded(t, server, ALIYUN_CLI);
  const runOf = aliyunFor(t, target, target);
  const run = (action: string, input: Input, more?: readonly string[]): Promise<Answer> =>
    runOf('ecs', action, input, more);
  const id = randomBytes(3).toString('hex');

  await t.test('the story', async () => {
    await tellStory({ call: run, run: `${id}-cli`, putObject });
  });

  await t.test('an error: exit code 1, and what it is about', async () => {
    const bad = run('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: '1x' });
    const error = await bad.then(
      () => assert.fail('no error'),
      (thrown: { code: number; stderr: string; stdout: string }) => thrown,
    );
    assert.equal(error.code, 1);
    const told = error.stderr + error.stdout;
    assert.match(told, /SDK\.ServerError/);
    assert.match(told, /ErrorCode: InvalidImageFamily\.Malformed/);
    assert.match(told, /RequestId: [0-9A-F-]{36}/);
    assert.match(told, /The image family name breaks the naming rules\./);
  });

  await t.test('--waiter waits for an image', async () => {
    const { makeQcow2 } = await import('../../src/testing/disk-images.ts');
    const guestData = { seed: 9, sizeBytes: 100_000 };
    const disk = makeQcow2({ virtualSizeBytes: 2 ** 30, guestData });
    putObject(`cli-${id}`, 'disk.qcow2', disk);
    const DiskDeviceMapping = [{ OSSBucket: `cli-${id}`, OSSObject: 'disk.qcow2' }];
    const { ImageId } = await run('ImportImage', { RegionId: REGION, DiskDeviceMapping });
    const wanted = { RegionId: REGION, ImageId, Status: 'Creating,Waiting,Available,CreateFailed' };
    const { Images } = await run('DescribeImages', wanted, WAITER);
    assert.deepEqual([Images.Image[0].ImageId, Images.Image[0].Status], [ImageId, 'Available']);
    await run('DeleteImage', { RegionId: REGION, ImageId });
  });

  await t.test('--pager goes through pages', async () => {
    const pager = ['--pager', 'NextToken=', 'path=Images.Image[]'];
    const { Images } = await run('DescribeImages', { RegionId: REGION, PageSize: 3 }, pager);
    const all = await run('DescribeImages', { RegionId: REGION, PageSize: 100 });
    assert.ok(all.TotalCount > 3);
    const ids = (images: Answer[]) => images.map(({ ImageId }) => ImageId);
    assert.deepEqual(ids(Images.Image), ids(all.Images.Image));
  });

  await t.test('--force calls an operation that it does not know', async () => {
    const force = ['--version', '2026-11-24', '--force'];
    for (const method of ['GET', 'POST']) {
      const how = [...force, '--method', method];
      const told = await runOf('kindred', 'DescribeImageFamilies', { RegionId: REGION }, how);
      assert.deepEqual([told.RegionId, told.TotalCount], [REGION, 0], method);
    }
    const { AccountId } = await runOf('sts', 'GetCallerIdentity', {});
    assert.match(AccountId, /^\d{16}$/);
  });
});
