// Images and snapshots through Apache libcloud as Debian packages it: GET, XML, and objects of its own.
// What it needs to find beforehand is brought by another client.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Answer, Call } from './clients.ts';
import { answerOf, startDriver, type Ask } from './driver.ts';
import { findLibcloud, LIBCLOUD, LIBCLOUD_DRIVER, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { helper, prepareImage } from './prepare.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'Apache libcloud';
const FAR = 'cn-beijing';
const python = findLibcloud();
const skip =
  python === undefined && skipOrFail(NAME, 'no python3 with libcloud: Debian’s python3-libcloud');
if (skip !== false) recordSkip(LIBCLOUD, skip);

/**
 * The image that a call made. Without a status only Available ones are listed, so that libcloud, which
 * looks at once, may not see it yet; it names the id all the same.
 */
const made = async (ask: Ask, action: string, input: Record<string, string>): Promise<Answer> => {
  const { answer, error } = await ask(action, input);
  if (answer !== undefined) return answer;
  const [, id = ''] = /^could not find the image with id (m-\w+)$/.exec(error?.message ?? '') ?? [];
  assert.notEqual(id, '', JSON.stringify(error));
  return until(async () => (await ask('get_image', { image_id: id })).answer, id);
};

const checkImage = (image: Answer, name: string, source: { gib: number }): void => {
  assert.equal(image.name, name);
  const { size, os_type, architecture, progress, image_owner_alias, usage } = image.extra;
  assert.deepEqual(
    { size, os_type, architecture, progress, image_owner_alias, usage },
    {
      size: source.gib,
      os_type: 'linux',
      architecture: 'x86_64',
      progress: '100%',
      image_owner_alias: 'self',
      usage: 'none',
    },
  );
};

const checkLists = async (call: Call, id: string): Promise<void> => {
  const regions: Answer[] = await call('list_locations', {});
  assert.ok(regions.some((region) => region.id === REGION));
  const zones: Answer[] = await call('ex_list_zones', {});
  assert.ok(zones.every((zone) => zone.id.startsWith(REGION)) && zones.length > 0);
  const images: Answer[] = await call('list_images', {});
  assert.ok(images.some((image) => image.id === id));
  // Of which there are two at least, so that libcloud turns pages.
  const filters = { ImageOwnerAlias: 'self', PageSize: 1 };
  const own: Answer[] = await call('list_images', { ex_filters: filters });
  assert.ok(own.length > 1 && own.every((image) => image.extra.image_owner_alias === 'self'));
  assert.equal(new Set(own.map((image) => image.id)).size, own.length);
};

const checkErrors = async (ask: Ask, imageId: string): Promise<void> => {
  const gone = await ask('get_image', { image_id: imageId });
  assert.equal(gone.error?.message, `could not find the image with id ${imageId}`);
  const { error } = await ask('delete_image', { node_image: imageId });
  assert.deepEqual([error?.code, error?.status], ['InvalidImageId.NotFound', 404]);
  assert.match(error?.requestId ?? '', /^[0-9A-F-]{36}$/);
};

const checkImages = async (t: TestContext): Promise<void> => {
  const server = await conformance(t);
  const run = `libcloud-${randomBytes(3).toString('hex')}`;
  const source = await prepareImage(server, run);
  const seen = await recorded(t, server.target, LIBCLOUD);
  const ask = startDriver(t, python ?? '', [LIBCLOUD_DRIVER, REGION], seen);
  const call = answerOf(ask);

  const ids = { volume: '', ex_snapshot_ids: [source.snapshotId] };
  const [snapshot] = await call('list_volume_snapshots', ids);
  assert.deepEqual([snapshot.id, snapshot.state], [source.snapshotId, 'available']);
  const image = await made(ask, 'create_image', {
    node: '',
    name: `${run}-made`,
    description: '镜像 & <libcloud>',
    ex_snapshot_id: source.snapshotId,
    ex_image_version: '1.0',
    ex_client_token: run,
  });
  checkImage(image, `${run}-made`, source);
  assert.equal(image.extra.description, '镜像 & <libcloud>');
  assert.equal(image.extra.image_version, '1.0');
  assert.equal(image.extra.disk_device_mappings.snapshot_id, source.snapshotId);
  await checkLists(call, image.id);

  const far = startDriver(t, python ?? '', [LIBCLOUD_DRIVER, FAR], seen);
  await answerOf(far)('get_image', { image_id: image.id, ex_region_id: REGION });
  const copy = await made(far, 'copy_image', {
    source_region: REGION,
    node_image: image.id,
    name: `${run}-far`,
  });
  checkImage(copy, `${run}-far`, source);
  assert.notEqual(copy.id, image.id);
  await answerOf(far)('delete_image', { node_image: copy.id });

  await call('delete_image', { node_image: image.id });
  await checkErrors(ask, image.id);
  await helper(server)('DeleteImage', { RegionId: REGION, ImageId: source.imageId });
  assert.equal(await call('destroy_volume_snapshot', { snapshot: source.snapshotId }), true);
  assert.deepEqual(await call('list_volume_snapshots', ids), []);
};

test(NAME, { skip, timeout: 110_000 }, checkImages);
