// A whole build of Packer's plugin that takes its source from an image family and publishes into another,
// which then resolves to the result. Long, because Packer looks for each state of an instance every
// five seconds.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { test, type TestContext } from 'node:test';
import { NEWEST_V3, type Answer } from './clients.ts';
import { startForward } from './forward.ts';
import { artifact, build, leftovers, SETTINGS, TAGS } from './packer.ts';
import { helper, prepareImage } from './prepare.ts';
import { findPackerWithPlugin, PACKERS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'Packer and its plugin';
const packer = findPackerWithPlugin();
const skip =
  packer === undefined &&
  skipOrFail(NAME, 'no Packer of these modules: run test/conformance/setup-packer.sh');
if (skip !== false) recordSkip(PACKERS.plugin, skip);

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
  const golden = {
    ...SETTINGS,
    // Without a password it makes a key pair, and for that a network, in a zone that it looks for.
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
      program: packer ?? '',
      file: 'build.pkr.json',
      template: {
        source: { 'alicloud-ecs': { golden } },
        build: { sources: ['source.alicloud-ecs.golden'] },
      },
      env: { PACKER_PLUGIN_PATH: dirname(packer ?? '') },
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

test(NAME, { skip, timeout: 300_000 }, buildByFamily);
