// The scenarios about an image made of a snapshot. They are those of the provider's own
// acceptance tests, written anew and shrunk to what is asserted.
import assert from 'node:assert/strict';
import { REGION, type Kit } from './kit.ts';
import type { Resource } from './terraform.ts';
import type { Scenario, State } from './run-scenario.ts';

export const IMAGE = 'alicloud_image.made';
/** Arguments of alicloud_image that no answer repeats. */
const NOT_TOLD = ['snapshot_id', 'instance_id', 'force', 'delete_auto_snapshot'];

export const at = (state: State, address: string): Resource['values'] => {
  const values = state.get(address);
  assert.ok(values, `${address} is not in the state`);
  return values;
};

/** Every expected attribute, and no more is looked at. */
export const shows = (state: State, address: string, expected: Resource['values']): void => {
  const values = at(state, address);
  const names = Object.keys(expected);
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, values[name]])), expected);
};

const fromSnapshot = async (kit: Kit) => ({ snapshot_id: (await kit.image()).snapshotId });

const description: Scenario = {
  number: 2,
  title: 'the description alone changes',
  folder: 'description',
  seed: fromSnapshot,
  steps: ['before', 'after'].map((text) => ({
    title: text,
    variables: { description: `the description ${text}` },
    check: (state) =>
      shows(state, IMAGE, {
        description: `the description ${text}`,
        image_name: 'terraform-described',
        architecture: 'x86_64',
        tags: { Created: 'TF', For: 'acceptance' },
      }),
  })),
  keepsId: IMAGE,
};

const FAMILIES = ['test-tf', 'test-tf-123', 'test-tf'] as const;

/** Each family's image, by DescribeImageFromFamily; undefined where nothing fits. */
const resolved = ({ call }: Kit): Promise<Record<string, string | undefined>[]> =>
  Promise.all(
    [...new Set(FAMILIES)].map(async (ImageFamily) => {
      const { Image } = await call('DescribeImageFromFamily', { RegionId: REGION, ImageFamily });
      return { [ImageFamily]: Image.ImageId };
    }),
  );

const imageFamily: Scenario = {
  number: 11,
  title: 'the image family changes',
  folder: 'image-family',
  since: '1.227.0',
  seed: fromSnapshot,
  steps: FAMILIES.map((family) => ({
    title: family,
    variables: { image_family: family },
    async check(state, _seed, kit) {
      shows(state, IMAGE, { image_family: family, image_name: 'terraform-family' });
      const id = String(at(state, IMAGE).id);
      const found = at(state, 'data.alicloud_images.newest').images as Resource['values'][];
      assert.deepEqual(
        found.map((image) => image.id),
        [id],
      );
      const expected = [...new Set(FAMILIES)].map((name) => {
        return { [name]: name === family ? id : undefined };
      });
      assert.deepEqual(await resolved(kit), expected);
    },
  })),
  keepsId: IMAGE,
  imports: [{ address: IMAGE, ignore: NOT_TOLD }],
  async gone(kit) {
    const none = [...new Set(FAMILIES)].map((name) => ({ [name]: undefined }));
    assert.deepEqual(await resolved(kit), none);
  },
};

const RESOURCE_MANAGER = '2020-03-31';

const resourceGroup: Scenario = {
  number: 12,
  title: 'an image moves to another resource group',
  folder: 'resource-group',
  async seed(kit) {
    const groups = await Promise.all(
      ['one', 'two'].map(async (Name) => {
        const input = { Name, DisplayName: Name };
        const made = await kit.other('CreateResourceGroup', input, RESOURCE_MANAGER);
        return made.ResourceGroup.Id as string;
      }),
    );
    return { ...(await fromSnapshot(kit)), groups, moved: false };
  },
  steps: [false, true].map((moved) => ({
    title: moved ? 'moved' : 'made',
    variables: { moved },
    check: (state, { groups }) => {
      const group = (groups as string[])[Number(moved)];
      shows(state, IMAGE, { resource_group_id: group, description: '' });
    },
  })),
  keepsId: IMAGE,
};

const tags: Scenario = {
  number: 14,
  title: 'tags are added, changed and removed',
  folder: 'tags',
  seed: fromSnapshot,
  steps: [
    { Created: 'TF', For: 'acceptance' },
    { Created: 'TF-update', For: 'acceptance-update' },
    null,
  ].map((wanted) => ({
    title: JSON.stringify(wanted),
    variables: { tags: wanted },
    check: (state) => assert.deepEqual(at(state, IMAGE).tags ?? {}, wanted ?? {}),
  })),
  keepsId: IMAGE,
};

const importState: Scenario = {
  number: 15,
  title: 'an image is imported by its id',
  folder: 'import-state',
  seed: fromSnapshot,
  steps: [
    {
      title: 'made',
      check: (state) =>
        shows(state, IMAGE, {
          description: 'Read back, word for word: ä 镜像',
          name: 'terraform-imported',
        }),
    },
  ],
  imports: [{ address: IMAGE, ignore: NOT_TOLD }],
};

export const IMAGE_SCENARIOS: readonly Scenario[] = [
  imageFamily,
  resourceGroup,
  description,
  tags,
  importState,
];
