// Whole builds of Packer's alicloud-ecs builder: with the Packer that Debian packages, which has it built
// in, and with a later Packer and the plugin, which take the source from an image family and publish
// into one. Long, because Packer looks for each state of an instance every five seconds.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { test, type TestContext } from 'node:test';
import { NEWEST_V3, type Answer, type Call } from './clients.ts';
import { startForward } from './forward.ts';
import { build, leftovers, SETTINGS } from './packer.ts';
import { available, helper, prepareImage } from './prepare.ts';
import { findPacker, findPackerWithPlugin, PACKERS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const FAR = 'cn-beijing';
const TAGS = { channel: 'stable', 'owner & team': '镜像' };

const missing = (name: string, program: string | undefined, why: string) => {
  const skip = program === undefined && skipOrFail(name, why);
  return { skip, timeout: 300_000 };
};

const tagsOf = async (call: Call, type: 'image' | 'snapshot', id: string): Promise<Answer> => {
  const { TagResources } = await call('ListTagResources', {
    RegionId: REGION,
    ResourceType: type,
    ResourceId: [id],
  });
  const pairs = TagResources.TagResource.map((tag: Answer) => [tag.TagKey, tag.TagValue]);
  return Object.fromEntries(pairs);
};

const artifact = (output: string, region: string): string =>
  new RegExp(`^${region}: (m-\\w+)$`, 'm').exec(output)?.[1] ?? assert.fail(output);

const packer = findPacker();
const DEBIAN = 'Packer of Debian';
const debian = missing(DEBIAN, packer, 'no packer 1.6.6: Debian’s packer');
if (debian.skip !== false) recordSkip(PACKERS.debian, debian.skip);

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

test(DEBIAN, debian, buildTwice);

const later = findPackerWithPlugin();
const BY_FAMILY = 'Packer and its plugin';
const byFamily = missing(BY_FAMILY, later, 'no Packer 1.9.4: test/conformance/setup-packer.sh');
if (byFamily.skip !== false) recordSkip(PACKERS.plugin, byFamily.skip);

const buildByFamily = async (t: TestContext): Promise<void> => {
  const server = await conformance(t);
  const name = `packer-${randomBytes(3).toString('hex')}`;
  const [from, into] = [`${name}-base`, `${name}.golden`];
  await prepareImage(server, `${name}-older`, from);
  const source = await prepareImage(server, `${name}-newer`, from);
  const ask = NEWEST_V3.connect(server.target);
  const newest = async (ImageFamily: string): Promise<Answer> =>
    (await ask('DescribeImageFromFamily', { RegionId: REGION, ImageFamily })).Image;
  assert.deepEqual(await newest(into), {});

  const seen = await recorded(t, server.target, PACKERS.plugin);
  const called: string[] = [];
  const watch = await startForward(seen, ({ operation }) => void called.push(operation));
  t.after(() => watch.close());
  const { Zones } = await helper(server)('DescribeZones', { RegionId: REGION });
  const golden = {
    ...SETTINGS,
    // Without a password it makes a key pair, and for that a network with an elastic address.
    zone_id: Zones.Zone[0].ZoneId,
    associate_public_ip_address: true,
    image_family: from,
    target_image_family: into,
    image_name: `${name}-built`,
    tags: TAGS,
  };
  const output = await build(
    t,
    { ...seen, url: `http://127.0.0.1:${watch.port}` },
    {
      program: later ?? '',
      file: 'build.pkr.json',
      template: {
        source: { 'alicloud-ecs': { golden } },
        build: { sources: ['source.alicloud-ecs.golden'] },
      },
      env: { PACKER_PLUGIN_PATH: dirname(later ?? '') },
    },
  );
  assert.ok(called.includes('DescribeImageFromFamily'), called.join(' '));
  assert.match(output, new RegExp(`: ${source.imageId} by image family: ${from}`));
  const result = artifact(output, REGION);
  const resolved = await newest(into);
  assert.deepEqual([resolved.ImageId, resolved.ImageFamily], [result, into]);
  assert.equal((await newest(from)).ImageId, source.imageId);
  assert.deepEqual(await leftovers(helper(server), output), []);
};

test(BY_FAMILY, byFamily, buildByFamily);
