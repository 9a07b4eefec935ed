// The scenarios that need an instance: its disks for snapshots, or the instance itself.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { at, IMAGE, shows } from './image-scenarios.ts';
import { REGION, type Kit } from './kit.ts';
import type { Resource } from './terraform.ts';
import type { Scenario, State, Step } from './run-scenario.ts';

/** An instance's system disk and, asked for, a blank data disk. */
const diskSeed = async (kit: Kit, withData = false) => {
  const { imageId } = await kit.image();
  const { InstanceIdSets } = await kit.call('RunInstances', {
    RegionId: REGION,
    ImageId: imageId,
    InstanceType: 'ecs.g7.large',
    SystemDisk: { Size: '20' },
    ...(withData && { DataDisk: [{ Size: 20, Category: 'cloud_essd' }] }),
  });
  const InstanceId = InstanceIdSets.InstanceIdSet[0];
  const { Disks } = await kit.call('DescribeDisks', { RegionId: REGION, InstanceId });
  const idOf = (type: string): string =>
    Disks.Disk.find((disk: { Type: string }) => disk.Type === type)?.DiskId;
  return { system: idOf('system'), data: idOf('data') };
};

const madeFromSnapshot: Scenario = {
  number: 6,
  title: 'an image from a snapshot that Terraform makes',
  folder: 'from-snapshot',
  seed: async (kit) => ({ disk_id: (await diskSeed(kit)).system }),
  steps: [
    {
      title: 'snapshot and image',
      check(state) {
        const snapshot = 'alicloud_ecs_snapshot.disk';
        const tags = { Created: 'TF', For: 'acceptance' };
        shows(state, snapshot, { status: 'accomplished', retention_days: 20, tags });
        shows(state, IMAGE, {
          snapshot_id: at(state, snapshot).id,
          image_name: 'terraform-from-snapshot',
          description: 'From a snapshot that Terraform made',
          tags,
        });
      },
    },
  ],
};

const mapping = (state: State, type: string, device: string, snapshot: string) => ({
  device,
  disk_type: type,
  size: 20,
  snapshot_id: at(state, snapshot).id,
});

const twoDisks: Scenario = {
  number: 7,
  title: 'an image from two disk mappings',
  folder: 'two-disks',
  seed: async (kit) => {
    const { system, data } = await diskSeed(kit, true);
    return { system_disk_id: system, data_disk_id: data };
  },
  steps: [
    {
      title: 'both, in their order',
      check(state) {
        const shown = at(state, IMAGE).disk_device_mapping as Resource['values'][];
        const expected = [
          mapping(state, 'system', '/dev/xvda', 'alicloud_ecs_snapshot.system'),
          mapping(state, 'data', '/dev/xvdb', 'alicloud_ecs_snapshot.data'),
        ];
        // Newer releases have more attributes there.
        assert.deepEqual(
          shown.map(({ device, disk_type, size, snapshot_id }) => {
            return { device, disk_type, size, snapshot_id };
          }),
          expected,
        );
      },
    },
  ],
};

const SNAPSHOT = 'alicloud_ecs_snapshot.disk';

const snapshotStep = (title: string, variables: Readonly<Record<string, unknown>>): Step => ({
  title,
  variables,
  check: (state) =>
    shows(state, SNAPSHOT, { ...variables, retention_days: 50, category: 'standard' }),
});

const snapshot: Scenario = {
  number: 24,
  title: 'a snapshot changes attribute by attribute',
  folder: 'snapshot',
  seed: async (kit) => ({ disk_id: (await diskSeed(kit)).system }),
  steps: [
    snapshotStep('made', { snapshot_name: 'terraform-snapshot', tags: { Created: 'TF' } }),
    snapshotStep('description', { description: 'changed' }),
    snapshotStep('name', { snapshot_name: 'terraform-snapshot-2' }),
    snapshotStep('tags', { tags: { Created: 'TF-2', For: 'acceptance' } }),
  ],
  keepsId: SNAPSHOT,
  imports: [{ address: SNAPSHOT, ignore: ['force'] }],
};

const SECOND_MS = 1_000;

const instance: Scenario = {
  number: 0,
  title: 'a network, and an instance from the newest image of a family',
  folder: 'instance',
  byTls: true,
  async seed({ image, call }) {
    for (const name of ['older', 'newer']) {
      const ImageId = (await image({ ImageName: `terraform-${name}` })).imageId;
      await call('ModifyImageAttribute', { RegionId: REGION, ImageId, ImageFamily: 'terraform' });
      // `most_recent` compares CreationTime, which shows whole seconds.
      await pause(SECOND_MS);
    }
    return { image_family: 'terraform' };
  },
  steps: [
    {
      title: 'applied',
      check(state) {
        const newest = at(state, 'data.alicloud_images.newest').images as Resource['values'][];
        assert.deepEqual(
          newest.map(({ name }) => name),
          ['terraform-newer'],
        );
        shows(state, 'alicloud_instance.web', {
          status: 'Running',
          image_id: newest[0]?.id,
          instance_name: 'terraform-web',
          vswitch_id: at(state, 'alicloud_vswitch.zone').id,
          security_groups: [at(state, 'alicloud_security_group.web').id],
        });
      },
    },
  ],
};

export const INSTANCE_SCENARIOS: readonly Scenario[] = [
  madeFromSnapshot,
  twoDisks,
  snapshot,
  instance,
];
