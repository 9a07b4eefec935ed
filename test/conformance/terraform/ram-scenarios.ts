// The scenarios about RAM: who may do what, said in Terraform. With the key that Terraform made, and with a
// session of the role that it made, one family is resolved and nothing else is allowed.
import assert from 'node:assert/strict';
import { at, shows } from './image-scenarios.ts';
import { REGION, type Kit, type SessionKey } from './kit.ts';
import type { Scenario, State, Step } from './run-scenario.ts';

const RAM = '2015-05-01';
const STS = '2015-04-01';
const ECS = '2014-05-26';
const FAMILIES = ['tf-web', 'tf-db'] as const;
type Family = (typeof FAMILIES)[number];

const USER = 'alicloud_ram_user.build';
const KEY = 'alicloud_ram_access_key.build';
const SPARE = 'alicloud_ram_access_key.spare';
const POLICY = 'alicloud_ram_policy.family';
const ROLE = 'alicloud_ram_role.reader';

/** Each family has one image. */
const publish = async ({ image, call }: Kit) => {
  for (const ImageFamily of FAMILIES) {
    const ImageId = (await image({ ImageName: ImageFamily })).imageId;
    await call('ModifyImageAttribute', { RegionId: REGION, ImageId, ImageFamily });
  }
  return {};
};

const keyIn = (state: State, address: string): SessionKey => {
  const { id, secret } = at(state, address);
  return { AccessKeyId: String(id), AccessKeySecret: String(secret) };
};

/** The family, and neither the other one nor a list nor a write. */
const mayResolve = async (kit: Kit, key: SessionKey, family: Family): Promise<void> => {
  const own = kit.as(key);
  const resolve = (ImageFamily: string) =>
    own('DescribeImageFromFamily', { RegionId: REGION, ImageFamily }, ECS);
  const { Image } = await resolve(family);
  assert.equal(Image.ImageName, family);
  const other = FAMILIES.find((name) => name !== family)!;
  const change = { RegionId: REGION, ImageId: Image.ImageId, Description: 'mine' };
  await assert.rejects(resolve(other), /Forbidden\.RAM/);
  await assert.rejects(own('DescribeImages', { RegionId: REGION }, ECS), /Forbidden\.RAM/);
  await assert.rejects(own('ModifyImageAttribute', change, ECS), /Forbidden\.RAM/);
  await assert.rejects(own('ListUsers', {}, RAM), /NoPermission/);
};

/** The key that the run with this seed made: after the destroy the state does not know it any more. */
const made = new WeakMap<object, SessionKey>();

interface Facts {
  family: Family;
  display_name: string;
  comments: string | null;
  description: string | null;
  key_status: 'Active' | 'Inactive';
}

const ramStep = (title: string, facts: Facts, version: string): Step => ({
  title,
  variables: { ...facts },
  async check(state, seed, kit) {
    const { family, display_name, comments, description, key_status } = facts;
    const user = { name: 'tf-build', mobile: '86-18600008888', email: 'build@example.com' };
    shows(state, USER, { ...user, display_name, comments: comments ?? '' });
    shows(state, POLICY, { default_version: version, version_id: version, type: 'Custom' });
    assert.match(String(at(state, POLICY).policy_document), new RegExp(`imagefamily/${family}`));
    shows(state, ROLE, { description: description ?? '', max_session_duration: 7200 });
    assert.match(String(at(state, ROLE).arn), /^acs:ram::\d{16}:role\/tf-reader$/);
    shows(state, SPARE, { user_name: 'tf-build', status: key_status });

    await mayResolve(kit, keyIn(state, KEY), family);
    const RoleArn = String(at(state, ROLE).arn);
    const session = { RoleArn, RoleSessionName: 'terraform', DurationSeconds: '7200' };
    const { Credentials } = await kit.as(keyIn(state, KEY))('AssumeRole', session, STS);
    await mayResolve(kit, Credentials, family);
    const spare = kit.as(keyIn(state, SPARE))('GetCallerIdentity', {}, STS);
    if (key_status === 'Active') assert.match((await spare).Arn, /:user\/tf-build$/);
    else await assert.rejects(spare, /InvalidAccessKeyId\.Inactive/);
    made.set(seed, keyIn(state, KEY));
  },
});

const isEmpty = async ({ other }: Kit): Promise<void> => {
  assert.deepEqual((await other('ListUsers', {}, RAM)).Users.User, []);
  assert.deepEqual((await other('ListGroups', {}, RAM)).Groups.Group, []);
  assert.deepEqual((await other('ListRoles', {}, RAM)).Roles.Role, []);
  const { Policies } = await other('ListPolicies', { PolicyType: 'Custom' }, RAM);
  assert.deepEqual(Policies.Policy, []);
};

const attachmentId =
  (kind: 'user' | 'group' | 'role') => (values: Readonly<Record<string, unknown>>) =>
    [kind, values.policy_name, values.policy_type, values[`${kind}_name`]].join(':');

/** `alicloud_ram_access_key` is left out: the provider has no import of it, as no answer tells a secret. */
const oneFamily: Scenario = {
  number: 0,
  title: 'a user, its key, and a role that may resolve one family',
  folder: 'ram',
  seed: publish,
  steps: [
    ramStep(
      'made',
      {
        family: 'tf-db',
        display_name: 'Build server',
        comments: 'made by Terraform',
        description: 'Resolves one family',
        key_status: 'Active',
      },
      'v1',
    ),
    ramStep(
      'changed',
      {
        family: 'tf-web',
        display_name: 'Build servers',
        comments: null,
        description: null,
        key_status: 'Inactive',
      },
      'v2',
    ),
  ],
  keepsId: USER,
  imports: [
    { address: USER, ignore: ['force'] },
    // The provider leaves its deprecated `statement` in the state as it was before an update.
    { address: POLICY, ignore: ['force', 'statement'] },
    { address: ROLE, ignore: ['force'] },
    {
      address: 'alicloud_ram_user_policy_attachment.family',
      id: attachmentId('user'),
      ignore: [],
    },
    {
      address: 'alicloud_ram_role_policy_attachment.family',
      id: attachmentId('role'),
      ignore: [],
    },
  ],
  async gone(kit, seed) {
    await isEmpty(kit);
    const resolve = { RegionId: REGION, ImageFamily: 'tf-web' };
    const own = kit.as(made.get(seed)!);
    await assert.rejects(own('DescribeImageFromFamily', resolve, ECS), /InvalidAccessKeyId/);
  },
};

const TAGGED = ['alicloud_ram_role.tagged', 'alicloud_ram_policy.tagged'] as const;

const tagged: Scenario = {
  number: 0,
  title: 'a role and a policy carry tags and descriptions, and lose them again',
  folder: 'ram-tags',
  since: '1.252.0',
  steps: (
    [
      [{ Created: 'TF', For: 'acceptance' }, 'made', 'ecs:Describe*'],
      [{ Created: 'TF-update', More: '' }, 'changed', 'ecs:DescribeImages'],
      [null, null, 'ecs:DescribeImages'],
    ] as const
  ).map(([tags, description, action]) => ({
    title: JSON.stringify(tags),
    variables: { tags, description, action },
    check(state) {
      for (const address of TAGGED) {
        assert.deepEqual(at(state, address).tags ?? {}, tags ?? {}, address);
        shows(state, address, { description: description ?? '' });
      }
    },
  })),
  keepsId: TAGGED[0],
  imports: TAGGED.map((address) => ({ address, ignore: ['rotate_strategy'] })),
  gone: isEmpty,
};

const GROUP = 'alicloud_ram_group.readers';
const USERS = ['tf-ann', 'tf-ben'] as const;

const groupStep = (comments: string, members: readonly (typeof USERS)[number][]): Step => ({
  title: members.join(' and '),
  variables: { family: 'tf-web', comments, members },
  async check(state, _seed, kit) {
    shows(state, GROUP, { name: 'tf-readers', comments });
    const { user_names } = at(state, 'alicloud_ram_group_membership.readers');
    assert.deepEqual((user_names as string[]).toSorted(), members.toSorted());
    for (const name of USERS) {
      const key = keyIn(state, `alicloud_ram_access_key.one["${name}"]`);
      if (members.includes(name)) await mayResolve(kit, key, 'tf-web');
      else {
        const asked = { RegionId: REGION, ImageFamily: 'tf-web' };
        const resolve = kit.as(key)('DescribeImageFromFamily', asked, ECS);
        await assert.rejects(resolve, /Forbidden\.RAM/);
      }
    }
  },
});

const group: Scenario = {
  number: 0,
  title: 'users of a group may resolve one family, those who left it nothing',
  folder: 'ram-group',
  seed: publish,
  steps: [groupStep('made', ['tf-ann']), groupStep('changed', ['tf-ben'])],
  keepsId: GROUP,
  imports: [
    { address: GROUP, ignore: ['force'] },
    { address: 'alicloud_ram_group_membership.readers', ignore: [] },
    {
      address: 'alicloud_ram_group_policy_attachment.family',
      id: attachmentId('group'),
      ignore: [],
    },
  ],
  gone: isEmpty,
};

export const RAM_SCENARIOS: readonly Scenario[] = [oneFamily, group, tagged];
