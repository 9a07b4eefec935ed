// The scenarios about copies, imports, exports, shares and public images.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { at, shows } from './image-scenarios.ts';
import { FAR_REGION, REGION, SEED_DISK_BYTES, seedDisk, type Kit } from './kit.ts';
import type { Resource } from './terraform.ts';
import type { Scenario, Step } from './run-scenario.ts';

const COPY = 'alicloud_image_copy.copied';

const copyStep = (title: string, image_name: string, description: string, tags: object): Step => {
  const variables = { image_name, description, tags };
  return { title, variables, check: (state) => shows(state, COPY, variables) };
};

const copy: Scenario = {
  number: 16,
  title: 'an image is copied into another region',
  folder: 'copy',
  byProxy: true,
  seed: async (kit) => ({ source_image_id: (await kit.image()).imageId }),
  steps: [
    copyStep('copied', 'terraform-copy', 'as copied', { Created: 'TF' }),
    copyStep('description', 'terraform-copy', 'changed', { Created: 'TF' }),
    copyStep('name', 'terraform-copy-2', 'changed', { Created: 'TF' }),
    copyStep('tags', 'terraform-copy-2', 'changed', { Created: 'TF-2', For: 'acceptance' }),
    copyStep('all back', 'terraform-copy', 'as copied', { Created: 'TF' }),
  ],
  keepsId: COPY,
  async gone({ call }, { source_image_id }) {
    const near = await call('DescribeImages', {
      RegionId: REGION,
      ImageId: String(source_image_id),
    });
    assert.equal(near.Images.Image[0].Status, 'Available', 'the source is left alone');
    const own = { RegionId: FAR_REGION, ImageOwnerAlias: 'self', Status: 'ALL' };
    assert.deepEqual((await call('DescribeImages', own)).Images.Image, []);
  },
};

const IMPORTED = 'alicloud_image_import.web';

/** An import's snapshot outlives its image, and the provider has no argument that deletes it. */
const deleteSnapshot = async ({ call }: Kit): Promise<void> => {
  const { Snapshots } = await call('DescribeSnapshots', { RegionId: REGION });
  const [left, ...more] = Snapshots.Snapshot;
  assert.deepEqual(more, []);
  await call('DeleteSnapshot', { SnapshotId: left.SnapshotId });
};

const imported: Scenario = {
  number: 17,
  title: 'an image is imported from a bucket',
  folder: 'import-from-bucket',
  async seed({ putObject }) {
    putObject('terraform-disks', 'web.qcow2', seedDisk(17));
    return {};
  },
  steps: [
    {
      title: 'imported',
      variables: { image_name: 'terraform-import' },
      check(state) {
        shows(state, IMPORTED, {
          image_name: 'terraform-import',
          architecture: 'x86_64',
          os_type: 'linux',
        });
        const { platform, disk_device_mapping: mappings } = at(state, IMPORTED);
        assert.ok(platform);
        const [mapping, ...more] = mappings as Resource['values'][];
        assert.deepEqual(more, []);
        assert.equal(mapping?.oss_bucket, 'terraform-disks');
        assert.equal(mapping.oss_object, 'web.qcow2');
        assert.equal(mapping.disk_image_size, 5);
      },
    },
    {
      title: 'renamed',
      variables: { image_name: 'terraform-import-2' },
      check: (state) => shows(state, IMPORTED, { image_name: 'terraform-import-2' }),
    },
    {
      title: 'described',
      variables: { description: 'added later' },
      check: (state) => shows(state, IMPORTED, { description: 'added later' }),
    },
  ],
  keepsId: IMPORTED,
  imports: [{ address: IMPORTED, ignore: ['license_type'] }],
  gone: deleteSnapshot,
};

const importedWithAll: Scenario = {
  number: 18,
  title: 'an image is imported with every argument',
  folder: 'import-with-all',
  async seed({ putObject }) {
    putObject('terraform-disks', 'all.qcow2', seedDisk(18));
    return {};
  },
  steps: [
    {
      title: 'imported',
      check: (state) =>
        shows(state, IMPORTED, {
          architecture: 'i386',
          os_type: 'linux',
          platform: 'Aliyun',
          disk_device_mapping: [
            {
              device: '/dev/xvda',
              disk_image_size: 6,
              format: 'qcow2',
              oss_bucket: 'terraform-disks',
              oss_object: 'all.qcow2',
            },
          ],
        }),
    },
  ],
  imports: [{ address: IMPORTED, ignore: ['license_type'] }],
  gone: deleteSnapshot,
};

const EXPORT = 'alicloud_image_export.out';

const exported: Scenario = {
  number: 19,
  title: 'an image is exported, and the destroy deletes the object',
  folder: 'image-export',
  // The provider names no format, and deletes what the cloud calls the object then.
  serverArgs: ['--export-format', 'raw.tar.gz'],
  async seed(kit) {
    kit.putObject('terraform-exports', 'others.txt', Buffer.from('kept'));
    return { image_id: (await kit.image()).imageId, bucket: 'terraform-exports' };
  },
  steps: [
    {
      title: 'exported',
      check(state, { image_id }, kit) {
        shows(state, EXPORT, { image_id, oss_prefix: 'ecsExport' });
        const name = `ecsExport_${String(image_id)}_system.raw`;
        assert.deepEqual(kit.objects('terraform-exports').toSorted(), [
          `${name}.tar.gz`,
          'others.txt',
        ]);
        const path = kit.pathOf('terraform-exports', `${name}.tar.gz`);
        const listed = execFileSync('tar', ['-tvzf', path], { encoding: 'utf8' });
        assert.match(listed, new RegExp(` ${SEED_DISK_BYTES} .* ${name}\n$`));
      },
    },
  ],
  async gone(kit) {
    assert.deepEqual(kit.objects('terraform-exports'), ['others.txt']);
  },
};

const SHARE = 'alicloud_image_share_permission.second';

const share: Scenario = {
  number: 20,
  title: 'an image is shared with a second account',
  folder: 'share',
  async seed(kit) {
    const { AccountId } = await kit.other('CreateAccount', { AccountName: 'second' });
    return { image_id: (await kit.image()).imageId, account_id: AccountId };
  },
  steps: [{ title: 'shared', check: (state, seed) => shows(state, SHARE, seed) }],
  imports: [
    { address: SHARE, id: ({ image_id, account_id }) => `${image_id}:${account_id}`, ignore: [] },
  ],
  async gone({ call }, { image_id }) {
    const input = { RegionId: REGION, ImageId: String(image_id) };
    const { Accounts } = await call('DescribeImageSharePermission', input);
    assert.deepEqual(Accounts.Account, []);
  },
};

const publicImages: Scenario = {
  number: 21,
  title: 'public images are found, others are not',
  folder: 'public-images',
  steps: [
    {
      title: 'found',
      check(state) {
        const found = (name: string) =>
          at(state, `data.alicloud_images.${name}`).images as Resource['values'][];
        assert.deepEqual(found('fake'), []);
        assert.deepEqual(found('unavailable'), []);
        assert.equal(found('newest_ubuntu').length, 1);
        for (const image of found('available')) {
          for (const name of ['architecture', 'creation_time', 'image_id', 'name', 'os_type'])
            assert.ok(image[name], name);
          for (const name of ['os_name', 'os_name_en', 'usage']) assert.ok(image[name], name);
          assert.equal(image.image_owner_alias, 'system');
          assert.deepEqual([image.status, image.state], ['Available', 'Available']);
          assert.equal(image.progress, '100%');
          assert.deepEqual(image.tags, {});
          assert.deepEqual(image.disk_device_mappings, []);
        }
        const windows = found('windows');
        assert.ok(windows.length > 0);
        for (const { os_type, os_name } of windows) {
          assert.equal(os_type, 'windows');
          assert.match(String(os_name), /^Windows Server.*版.*/);
        }
      },
    },
  ],
};

export const MORE_SCENARIOS: readonly Scenario[] = [
  copy,
  imported,
  importedWithAll,
  exported,
  share,
  publicImages,
];
