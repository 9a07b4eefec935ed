// Nodes through Apache libcloud: records of instances, their disks, their security groups. Long, because
// libcloud looks for each state of a node every three seconds.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Answer, Call } from './clients.ts';
import { answerOf, startDriver } from './driver.ts';
import { helper, prepareImage } from './prepare.ts';
import { findLibcloud, LIBCLOUD, LIBCLOUD_DRIVER, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'nodes of Apache libcloud';
const python = findLibcloud();
const skip =
  python === undefined && skipOrFail(NAME, 'no python3 with libcloud: Debian’s python3-libcloud');
if (skip !== false) recordSkip(LIBCLOUD, skip);

const checkGroup = async (call: Call, group_id: string, name: string): Promise<void> => {
  const renamed = { group_id, name, description: 'of libcloud' };
  assert.equal(await call('ex_modify_security_group_by_id', renamed), true);
  const groups: Answer[] = await call('ex_list_security_groups', {});
  const group = groups.find(({ id }) => id === group_id);
  assert.deepEqual([group.name, group.description], [name, 'of libcloud']);
  const rules = { group_id, nic_type: 'intranet' };
  assert.ok(Array.isArray(await call('ex_list_security_group_attributes', rules)));
};

const checkDisk = async (call: Call, node: string, name: string): Promise<void> => {
  const disks: Answer[] = await call('list_volumes', { ex_filters: { InstanceId: node } });
  assert.deepEqual(
    disks.map(({ state, extra }) => [state, extra.type, extra.instance_id]),
    [['inuse', 'system', node]],
  );
  const volume: string = disks[0].id;
  const snapshot = await call('create_volume_snapshot', { volume, name });
  assert.equal(snapshot.extra.source_disk_id, volume);
  assert.equal(await call('destroy_volume_snapshot', { snapshot: snapshot.id }), true);
};

const checkNodes = async (t: TestContext): Promise<void> => {
  const server = await conformance(t);
  const name = `libcloud-${randomBytes(3).toString('hex')}`;
  const source = await prepareImage(server, name);
  const seen = await recorded(t, server.target, LIBCLOUD);
  const call = answerOf(startDriver(t, python ?? '', [LIBCLOUD_DRIVER, REGION], seen));

  const image: Answer = await call('get_image', { image_id: source.imageId });
  const group: string = await call('ex_create_security_group', { description: name });
  await checkGroup(call, group, name);
  const made: Answer = await call('create_node', {
    name,
    size: 'ecs.g6.large',
    image: image.id,
    ex_security_group_id: group,
    ex_hostname: 'node',
    ex_internet_charge_type: 'PayByTraffic',
    ex_internet_max_bandwidth_out: 1,
    ex_system_disk: { category: 'cloud_efficiency', disk_name: 'system' },
    ex_client_token: name,
  });
  assert.equal(made.name, name);
  const used = await call('get_image', { image_id: source.imageId });
  assert.equal(used.extra.usage, 'instance');
  const node: string = made.id;
  assert.match(await call('create_public_ip', { instance_id: node }), /^\d+(\.\d+){3}$/);
  const [running]: Answer[] = await call('list_nodes', { ex_node_ids: [node] });
  assert.deepEqual([running.state, running.extra.image_id], ['running', image.id]);
  assert.equal(running.public_ips.length, 1);
  await checkDisk(call, node, name);
  assert.equal(await call('reboot_node', { node }), true);
  assert.equal(await call('stop_node', { node, ex_force_stop: true }), true);
  assert.equal(await call('destroy_node', { node }), true);
  assert.deepEqual(await call('list_nodes', { ex_node_ids: [node] }), []);
  assert.equal(await call('ex_delete_security_group_by_id', { group_id: group }), true);
  await helper(server)('DeleteImage', { RegionId: REGION, ImageId: source.imageId });
};

test(NAME, { skip, timeout: 180_000 }, checkNodes);
