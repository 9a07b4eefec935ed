import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { servePaths } from '../../testing/paths.ts';
import { OPENPGP_BINARY, SSH_ARMOURED } from '../../testing/signatures.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Site {
  k: Harness;
  origin: string;
  /** `/families/<account>/cn-hangzhou/web` */
  family: string;
  /** Puts an image into the family. */
  publish(name: string): Promise<{ imageId: string; bytes: Uint8Array; hex: string }>;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Response>;
}

const site = async (t: TestContext, access = 'public-read'): Promise<Site> => {
  const k = await kindred(t);
  const origin = await servePaths(t, k);
  const web = { RegionId: REGION, ImageFamily: 'web' };
  if (access === 'public-read')
    await k.call('ModifyImageFamilyAccess', { ...web, Access: 'public-read' });
  return {
    k,
    origin,
    family: `/families/${k.accountId}/${REGION}/web`,
    async publish(name) {
      const bytes = k.diskImage();
      k.clock.advance(1000);
      const { imageId } = await k.importImage({ ImageName: name }, { bytes });
      await k.call('ModifyImageAttribute', { ...web, ImageId: imageId });
      return { imageId, bytes, hex: sha256(bytes) };
    },
    get: (path, headers = {}, method = 'GET') =>
      fetch(`${origin}${path}`, { headers, method, redirect: 'manual' }),
  };
};

const token = async (k: Harness, ImageFamily = 'web', more = {}): Promise<string> =>
  (await k.call('CreateFamilyReadToken', { RegionId: REGION, ImageFamily, ...more })).Token;

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

test('latest leads to an address that never changes, and latest.json tells all about it', async (t) => {
  const { k, origin, family, publish, get } = await site(t);
  assert.equal((await get(`${family}/latest`)).status, 404);
  const { imageId, bytes, hex } = await publish('web-1');
  const image = { RegionId: REGION, ImageId: imageId };
  await k.call('TagResources', {
    RegionId: REGION,
    ResourceType: 'image',
    'ResourceId.1': imageId,
    'Tag.1.Key': 'label:git.sha',
    'Tag.1.Value': 'deadbeef',
    'Tag.2.Key': 'cost-centre',
    'Tag.2.Value': 'secret',
  });
  await k.call('PutImageSignature', { ...image, SignatureContent: SSH_ARMOURED });
  const moved = await get(`${family}/latest`);
  assert.equal(moved.status, 302);
  assert.equal(moved.headers.get('cache-control'), 'no-cache');
  const path = moved.headers.get('location')!;
  assert.equal(path, `/images/${imageId}/web-1.qcow2`);
  assert.deepEqual(new Uint8Array(await (await get(path)).arrayBuffer()), bytes);
  const json = await get(`${family}/latest.json`);
  assert.equal(json.headers.get('content-type'), 'application/json; charset=utf-8');
  const file = {
    url: `${origin}${path}`,
    fileName: 'web-1.qcow2',
    sha256: hex,
    size: bytes.length,
    virtualSize: 1024 ** 3,
    format: 'qcow2',
  };
  assert.deepEqual(await json.json(), {
    imageId,
    imageName: 'web-1',
    imageFamily: 'web',
    regionId: REGION,
    creationTime: '2026-11-24T12:00:01Z',
    architecture: 'x86_64',
    osType: 'linux',
    ...file,
    sha256sums: `${origin}/images/${imageId}/SHA256SUMS`,
    signatures: [{ type: 'ssh', url: `${origin}/images/${imageId}/SHA256SUMS.sig` }],
    sourceImageId: '',
    labels: { 'git.sha': 'deadbeef' },
    disks: [{ device: '/dev/xvda', type: 'system', ...file }],
  });
  const etag = json.headers.get('etag')!;
  assert.equal((await get(`${family}/latest.json`, { 'if-none-match': etag })).status, 304);
});

test('sums beside both name the same bytes, and the alias is another way to them', async (t) => {
  const { k, family, publish, get } = await site(t);
  const first = await publish('web-1');
  const second = await publish('web-2');
  await k.call('SetAccountAlias', { AccountAlias: 'shop' });
  const text = async (path: string) => (await get(path)).text();
  const sums = `${second.hex}  latest\n${second.hex}  web-2.qcow2\n${first.hex}  web-1.qcow2\n`;
  assert.equal(await text(`${family}/SHA256SUMS`), sums);
  assert.equal(await text(`/families/shop/${REGION}/web/SHA256SUMS`), sums);
  const own = `${first.hex}  web-1.qcow2\n`;
  assert.equal(await text(`/images/${first.imageId}/SHA256SUMS`), own);
  assert.equal(await text(`/images/${first.imageId}/web-1.qcow2.sha256`), own);
  assert.equal((await get(`/images/${first.imageId}/web-2.qcow2`)).status, 404);
  assert.equal((await get(`${family}/SHA256SUMS.gpg`)).status, 404);
  // Seconds after a move latest.sha256 names both; a minute later it is the head alone.
  assert.equal(
    await text(`${family}/latest.sha256`),
    `${second.hex}  latest\n${first.hex}  latest\n`,
  );
  k.clock.advance(60_000);
  assert.equal(await text(`${family}/latest.sha256`), `${second.hex}  latest\n`);
});

test('signatures are served as they were stored, beside the text that they are of', async (t) => {
  const { k, publish, get } = await site(t);
  const { imageId: ImageId } = await publish('web-1');
  assert.equal((await get(`/images/${ImageId}/SHA256SUMS.gpg`)).status, 404);
  for (const SignatureContent of [OPENPGP_BINARY.toString('base64'), SSH_ARMOURED])
    await k.call('PutImageSignature', { RegionId: REGION, ImageId, SignatureContent });
  const gpg = await get(`/images/${ImageId}/SHA256SUMS.gpg`);
  assert.deepEqual(Buffer.from(await gpg.arrayBuffer()), OPENPGP_BINARY);
  assert.equal(await (await get(`/images/${ImageId}/SHA256SUMS.sig`)).text(), SSH_ARMOURED);
});

test('the signatures of a family are those of its head, and every answer names that', async (t) => {
  const { k, family, publish, get } = await site(t);
  assert.equal((await get(`${family}/SHA256SUMS.gpg`)).status, 404);
  const sign = async (ImageId: string, SignatureContent: string) =>
    k.call('PutImageSignature', { RegionId: REGION, ImageId, SignatureContent });
  const first = await publish('web-1');
  await sign(first.imageId, OPENPGP_BINARY.toString('base64'));
  const moved = await get(`${family}/SHA256SUMS.gpg`);
  assert.equal(moved.status, 302);
  assert.equal(moved.headers.get('cache-control'), 'no-cache');
  assert.equal(moved.headers.get('location'), `/images/${first.imageId}/SHA256SUMS.gpg`);
  const follow = await get(moved.headers.get('location')!);
  assert.deepEqual(Buffer.from(await follow.arrayBuffer()), OPENPGP_BINARY);
  const unsigned = await get(`${family}/SHA256SUMS.sig`);
  assert.deepEqual(
    [unsigned.status, await unsigned.text()],
    [404, `{"error":"The current image of the family has no such signature."}\n`],
  );
  const before = await get(`${family}/SHA256SUMS`);
  const second = await publish('web-2');
  await sign(second.imageId, SSH_ARMOURED);
  assert.equal((await get(`${family}/SHA256SUMS.gpg`)).status, 404);
  const after = await get(`${family}/SHA256SUMS.sig`);
  assert.equal(after.headers.get('location'), `/images/${second.imageId}/SHA256SUMS.sig`);
  const ids = [moved, before, after].map(({ headers }) => headers.get('x-kindred-image-id'));
  assert.deepEqual(ids, [first.imageId, first.imageId, second.imageId]);
});

test('a token opens one family as bearer or as password, and its use is noted', async (t) => {
  const { k, family, publish, get } = await site(t, 'private');
  const { imageId } = await publish('web-1');
  const file = `/images/${imageId}/web-1.qcow2`;
  const secret = await token(k);
  for (const headers of [bearer(secret), basic('anybody', secret), basic(secret, '')])
    for (const path of [`${family}/latest.json`, `${family}/SHA256SUMS`, file])
      assert.equal((await get(path, headers)).status, 200, path);
  assert.match((await get(file, bearer(secret))).headers.get('cache-control')!, /^private, /);
  const { FamilyReadTokens } = await k.call('DescribeFamilyReadTokens', { RegionId: REGION });
  assert.equal(FamilyReadTokens.FamilyReadToken[0].LastUsedTime, '2026-11-24T12:00:00Z');
  const [{ TokenId }] = FamilyReadTokens.FamilyReadToken;
  await k.call('DeleteFamilyReadToken', { RegionId: REGION, TokenId });
  assert.equal((await get(file, bearer(secret))).status, 401);
});

test('an expired token opens nothing', async (t) => {
  const { k, family, publish, get } = await site(t, 'private');
  await publish('web-1');
  const secret = await token(k, 'web', { ExpirationTime: '2026-11-24T12:00:05Z' });
  assert.equal((await get(`${family}/latest`, bearer(secret))).status, 302);
  k.clock.advance(4_000);
  assert.equal((await get(`${family}/latest`, bearer(secret))).status, 401);
});

test('what is foreign, unknown or closed has one answer: nothing tells what exists', async (t) => {
  const { k, family, publish, get } = await site(t, 'private');
  const { imageId } = await publish('web-1');
  const { imageId: loose } = await k.importImage();
  const stranger = await k.newAccount();
  const made = await k.call(
    'CreateFamilyReadToken',
    { RegionId: REGION, ImageFamily: 'web' },
    { as: stranger },
  );
  const paths = [
    `${family}/latest`,
    `${family}/latest.json`,
    `${family}/SHA256SUMS`,
    `${family}/nothing`,
    `/families/${k.accountId}/${REGION}/unknown/latest`,
    `/families/${k.accountId}/cn-nowhere/web/latest`,
    `/families/1000000000000000/${REGION}/web/latest`,
    `/families/nobody/${REGION}/web/latest`,
    `/images/${imageId}/web-1.qcow2`,
    `/images/${imageId}/SHA256SUMS`,
    `/images/${loose}/${loose}.qcow2`,
    '/images/m-bp146shijn7hujku9exp/web-1.qcow2',
  ];
  const seen = async (headers: Record<string, string>) => {
    const answers = new Set<string>();
    for (const path of paths) {
      const response = await get(path, headers);
      const told = [...response.headers].filter(([name]) => name !== 'date');
      answers.add(JSON.stringify([response.status, told, await response.text()]));
    }
    return [...answers];
  };
  const none = await seen({});
  assert.equal(none.length, 1);
  assert.match(none[0]!, /^\[401,.*www-authenticate/);
  for (const wrong of [bearer('kindred_read_wrong'), basic('a', 'b'), { authorization: 'x' }])
    assert.deepEqual(await seen(wrong), none);
  for (const secret of [made.Token as string, await token(k, 'db')]) {
    const other = await seen(bearer(secret));
    assert.equal(other.length, 1);
    assert.match(other[0]!, /^\[404,/);
  }
});

test('a head that is replaced, taken out or deleted stays readable for a minute', async (t) => {
  const { k, family, publish, get } = await site(t);
  const old = await publish('web-1');
  const file = `/images/${old.imageId}/web-1.qcow2`;
  const image = { RegionId: REGION, ImageId: old.imageId };
  const { imageId: next } = await publish('web-2');
  k.clock.advance(120_000);
  // A member for as long as it is one, and deprecated ones too.
  await k.call('ModifyImageAttribute', { ...image, Status: 'Deprecated' });
  assert.equal((await get(file)).status, 200);
  await k.call('ModifyImageAttribute', { ...image, Status: 'Available' });
  await k.call('DeleteImage', { RegionId: REGION, ImageId: next });
  const gone = await get(`/images/${next}/web-2.qcow2`);
  assert.equal(gone.status, 200);
  assert.equal(gone.headers.get('cache-control'), 'no-store');
  assert.equal(sha256(Buffer.from(await gone.arrayBuffer())), await sumOf(get, family, 'web-2'));
  await k.call('ModifyImageAttribute', { ...image, ImageFamily: 'other' });
  assert.equal((await get(file)).status, 200);
  k.clock.advance(61_000);
  for (const path of [file, `/images/${next}/web-2.qcow2`])
    assert.equal((await get(path)).status, 401);
  assert.equal(await (await get(`${family}/SHA256SUMS`)).text(), '');
});

const sumOf = async (get: Site['get'], family: string, name: string): Promise<string> => {
  const text = await (await get(`${family}/SHA256SUMS`)).text();
  return new RegExp(`^([0-9a-f]{64})  ${name}\\.qcow2$`, 'm').exec(text)?.[1] ?? '';
};

test('access that is taken back ends at once, for former heads too', async (t) => {
  const { k, publish, get } = await site(t);
  const old = await publish('web-1');
  await publish('web-2');
  await k.call('DeleteImage', { RegionId: REGION, ImageId: old.imageId });
  assert.equal((await get(`/images/${old.imageId}/web-1.qcow2`)).status, 200);
  const web = { RegionId: REGION, ImageFamily: 'web' };
  await k.call('ModifyImageFamilyAccess', { ...web, Access: 'private' });
  assert.equal((await get(`/images/${old.imageId}/web-1.qcow2`)).status, 401);
});

test('names in any script are addresses, and a long one is no error', async (t) => {
  const { k, get } = await site(t);
  const ImageFamily = `网${'站'.repeat(127)}`;
  const { imageId: ImageId } = await k.importImage({ ImageName: '网站' });
  await k.call('ModifyImageAttribute', { RegionId: REGION, ImageId, ImageFamily });
  await k.call('ModifyImageFamilyAccess', {
    RegionId: REGION,
    ImageFamily,
    Access: 'public-read',
  });
  const { LatestPath } = await k.call('DescribeImageFamilyAccess', {
    RegionId: REGION,
    ImageFamily,
  });
  const moved = await get(LatestPath);
  assert.equal(moved.headers.get('location'), `/images/${ImageId}/${ImageId}.qcow2`);
});
