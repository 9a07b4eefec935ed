// Packer's alicloud-import post-processor, which makes an image of a file that a build left: it makes the
// bucket, uploads over HTTPS to the cloud's own names, imports, waits, and removes the object. Its SDK
// of OSS takes no proxy and its endpoint is fixed, so that it runs where these names are the server.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeRaw, makeVhdDynamic } from '../../src/testing/disk-images.ts';
import { cloudNames, lacksCloudNames } from './cloud-names.ts';
import { sha256 } from './ossutil.ts';
import { artifact, build } from './packer.ts';
import { diskSha256, helper } from './prepare.ts';
import { findPackerWithPlugin, PACKERS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'Packer, importing';
const packer = findPackerWithPlugin();
const lack =
  packer === undefined
    ? 'no Packer of these modules: run test/conformance/setup-packer.sh'
    : lacksCloudNames();
const skip = lack !== undefined && skipOrFail(NAME, lack);
if (skip !== false) recordSkip(PACKERS.plugin, skip);

const KEY = 'builds/web v1.vhd';
const guestData = { seed: 12, sizeBytes: 3_000_000 };
const DISKS = {
  VHD: makeVhdDynamic({ virtualSizeBytes: 2 ** 30, guestData }),
  RAW: makeRaw({ virtualSizeBytes: 64 * 2 ** 20, guestData }),
};

test(NAME, { skip, timeout: 300_000 }, async (t) => {
  const server = await conformance(t);
  const call = helper(server);
  const bucket = `packer-import-${randomBytes(3).toString('hex')}`;
  const seen = await recorded(t, server.target, PACKERS.plugin);
  const names = await cloudNames(t, seen, [
    `ecs.${REGION}.aliyuncs.com`,
    `ecs-${REGION}.aliyuncs.com`,
    `oss-${REGION}.aliyuncs.com`,
    `${bucket}.oss-${REGION}.aliyuncs.com`,
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'kindred-packer-import-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [format, disk] of Object.entries(DISKS))
    await t.test(format, async (inner) => {
      const ending = format.toLowerCase();
      const source = join(folder, `disk.${ending}`);
      writeFileSync(source, disk);
      const imageName = `${bucket}-${ending}`;
      const importing = {
        region: REGION,
        image_name: imageName,
        oss_bucket_name: bucket,
        // Without one it makes a name that says nothing of the format.
        ...(format === 'VHD' && { oss_key_name: KEY }),
        image_os_type: 'linux',
        image_platform: 'Ubuntu',
        image_architecture: 'x86_64',
        image_system_size: '5',
        format,
        // What it does not clean up is the object as it was uploaded.
        skip_clean: format === 'VHD',
      };
      const output = await build(inner, seen, {
        program: packer ?? '',
        file: 'import.pkr.json',
        template: {
          source: { file: { disk: { source, target: `built.${ending}` } } },
          build: {
            sources: ['source.file.disk'],
            'post-processor': [{ 'alicloud-import': importing }],
          },
        },
        env: { PACKER_PLUGIN_PATH: dirname(packer ?? '') },
        names,
      });
      const ImageId = artifact(output, REGION);
      const { Images } = await call('DescribeImages', { RegionId: REGION, ImageId });
      const [{ ImageName, Status, Platform }] = Images.Image;
      assert.deepEqual([ImageName, Status, Platform], [imageName, 'Available', 'Ubuntu']);
      assert.equal(await diskSha256(server.target, ImageId), sha256(disk));
      if (format === 'VHD') {
        assert.equal(sha256(server.getObject(bucket, KEY)), sha256(disk));
      } else {
        const [, key = ''] = /Deleting import source \S+\/(Packer_\d+)/.exec(output) ?? [];
        assert.throws(() => server.getObject(bucket, key), { code: 'ENOENT' });
      }
      await call('DeleteImage', { RegionId: REGION, ImageId });
    });
});
