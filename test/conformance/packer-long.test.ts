// Whole builds of the alicloud-ecs builder with the Packer that Debian packages, the last one that has it
// built in: an image with tags and a copy in another region, then another in its place. Long, because
// Packer looks for each state of an instance every five seconds.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Answer, Call } from './clients.ts';
import { artifact, build, leftovers, SETTINGS, TAGS } from './packer.ts';
import { available, helper, prepareImage } from './prepare.ts';
import { findPacker, PACKERS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const FAR = 'cn-beijing';

const NAME = 'Packer of Debian';
const packer = findPacker();
const skip =
  packer === undefined && skipOrFail(NAME, 'no packer 1.6.6 on the path: Debian’s package packer');
if (skip !== false) recordSkip(PACKERS.debian, skip);

const tagsOf = async (call: Call, type: 'image' | 'snapshot', id: string): Promise<Answer> => {
  const { TagResources } = await call('ListTagResources', {
    RegionId: REGION,
    ResourceType: type,
    ResourceId: [id],
  });
  const pairs = TagResources.TagResource.map((tag: Answer) => [tag.TagKey, tag.TagValue]);
  return Object.fromEntries(pairs);
};

const buildTwice = async (t: TestContext): Promise<void> => {
  const server = await conformance(t);
  const name = `packer-${randomBytes(3).toString('hex')}`;
  const source = await prepareImage(server, name);
  const call = helper(server);
  const builder = {
    ...SETTINGS,
    type: 'alicloud-ecs',
    // With a password and no VPC it stays in the classic network.
    ssh_password: 'Packer-2026',
    source_image: source.imageId,
    image_name: `${name}-built`,
    image_version: '1.0',
    image_description: 'made by Packer & <Kindred>',
    tags: TAGS,
  };
  const seen = await recorded(t, server.target, PACKERS.debian);
  const run = (more: object): Promise<string> =>
    build(t, seen, {
      program: packer ?? '',
      file: 'build.json',
      template: { builders: [{ ...builder, ...more }] },
    });
  const checkImage = async (output: string): Promise<Answer> => {
    const image = await available(call, artifact(output, REGION));
    assert.deepEqual(
      [image.ImageName, image.ImageVersion, image.Description, image.IsCopied],
      [builder.image_name, '1.0', builder.image_description, false],
    );
    assert.deepEqual(await tagsOf(call, 'image', image.ImageId), TAGS);
    const [disk] = image.DiskDeviceMappings.DiskDeviceMapping;
    // What a system disk has when nobody asks for a size.
    assert.equal(disk.Size, '40');
    assert.deepEqual(await tagsOf(call, 'snapshot', disk.SnapshotId), TAGS);
    assert.deepEqual(await leftovers(call, output), []);
    return image;
  };

  const output = await run({ image_copy_regions: [FAR], image_copy_names: [`${name}-far`] });
  const first = await checkImage(output);
  const copy = await available(call, artifact(output, FAR), FAR);
  assert.deepEqual([copy.ImageName, copy.IsCopied], [`${name}-far`, true]);

  const second = await checkImage(
    await run({
      image_force_delete: true,
      image_force_delete_snapshots: true,
      image_ignore_data_disks: true,
    }),
  );
  assert.notEqual(second.ImageId, first.ImageId);
  const gone = { RegionId: REGION, ImageId: first.ImageId, Status: 'ALL' };
  assert.equal((await call('DescribeImages', gone)).TotalCount, 0);
  const SnapshotIds = JSON.stringify([first.DiskDeviceMappings.DiskDeviceMapping[0].SnapshotId]);
  const snapshots = await call('DescribeSnapshots', { RegionId: REGION, SnapshotIds });
  assert.equal(snapshots.TotalCount, 0);
};

test(NAME, { skip, timeout: 300_000 }, buildTwice);
