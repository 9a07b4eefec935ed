// Signed GETs of addresses, signed by the official SDK's own signing function.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { test, type TestContext } from 'node:test';
import { allow, deny, newUser } from '../../testing/access.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { servePaths } from '../../testing/paths.ts';
import type { KeyPair } from '../first-account.ts';

type Texts = Readonly<Record<string, string>>;
type Sign = (
  request: { method: string; pathname: string; query: Texts; headers: Texts },
  algorithm: string,
  payloadHash: string,
  accessKeyId: string,
  secret: string,
) => string;

// The package's declarations hide this behind a default export of a default export.
const { OpenApiUtil: official } = createRequire(import.meta.url)('@alicloud/openapi-core') as {
  OpenApiUtil: { getAuthorization: Sign };
};

const EMPTY = createHash('sha256').update('').digest('hex');

let nonces = 0;

const site = async (t: TestContext) => {
  const k = await kindred(t);
  const origin = await servePaths(t, k);
  const ImageFamily = 'web-größe';
  const { imageId } = await k.importImage({ ImageName: 'web-1' });
  const image = { RegionId: REGION, ImageId: imageId };
  await k.call('ModifyImageAttribute', { ...image, ImageFamily });
  const family = `/families/${k.accountId}/${REGION}/${encodeURIComponent(ImageFamily)}`;
  const signed = (path: string, key: KeyPair, more: { method?: string; atMs?: number } = {}) => {
    const { method = 'GET', atMs = k.clock.wallMs() } = more;
    const headers: Record<string, string> = {
      host: new URL(origin).host,
      'x-acs-action': 'GetImageFile',
      'x-acs-version': '2026-11-24',
      'x-acs-date': `${new Date(atMs).toISOString().slice(0, 19)}Z`,
      'x-acs-signature-nonce': `nonce-${(nonces += 1)}`,
      'x-acs-content-sha256': EMPTY,
    };
    const { pathname, searchParams } = new URL(path, origin);
    headers.authorization = official.getAuthorization(
      { method, pathname, query: Object.fromEntries(searchParams), headers },
      'ACS3-HMAC-SHA256',
      EMPTY,
      key.accessKeyId,
      key.accessKeySecret,
    );
    return headers;
  };
  const get = (path: string, headers: Texts = {}, method = 'GET') => {
    const { host: _host, ...sent } = headers;
    return fetch(`${origin}${path}`, { headers: sent, method, redirect: 'manual' });
  };
  return { k, family, ImageFamily, imageId, signed, get };
};

/** Everything that an answer tells. */
const told = async (response: Response) => {
  const { date: _date, ...headers } = Object.fromEntries(response.headers);
  return [response.status, headers, await response.text()];
};

const userOf = async (k: Harness, UserName: string): Promise<KeyPair> => {
  await k.call('CreateUser', { UserName });
  const { AccessKey } = await k.call('RamCreateAccessKey', { UserName });
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
};

test('a key of the account opens its families and their images', async (t) => {
  const { k, family, imageId, signed, get } = await site(t);
  const file = `/images/${imageId}/web-1.qcow2`;
  for (const path of [`${family}/latest.json`, `${family}/SHA256SUMS`, `${file}.sha256`, file]) {
    const answer = await get(path, signed(path, k.rootKey));
    assert.equal(answer.status, 200, path);
    await answer.arrayBuffer();
  }
  const withQuery = `${file}?b=2&a=%20x`;
  assert.equal((await get(withQuery, signed(withQuery, k.rootKey))).status, 200);
  assert.equal((await get(`${family}/latest`, signed(`${family}/latest`, k.rootKey))).status, 302);
  const range = { ...signed(file, k.rootKey), range: 'bytes=0-3' };
  const part = await get(file, range);
  assert.deepEqual([part.status, await part.text()], [206, 'QFI\u{fffd}']);
  const head = await get(file, signed(file, k.rootKey, { method: 'HEAD' }), 'HEAD');
  assert.equal(head.status, 200);
  assert.match(head.headers.get('cache-control') ?? '', /^private/);
});

test('whatever is wrong with a signature, the answer is that of a stranger', async (t) => {
  const { k, family, imageId, signed, get } = await site(t);
  const stranger = await k.newAccount();
  const absent = family.replace('web', 'no');
  const file = `/images/${imageId}/web-1.qcow2`;
  for (const path of [`${family}/latest.json`, `${absent}/latest.json`, file]) {
    const unsigned = await told(await get(path));
    assert.equal(unsigned[0], 401);
    const used = signed(path, k.rootKey);
    const first = await get(path, used);
    // Of a family without images nobody can tell whether it is one: the account is told that it is empty.
    assert.equal(first.status, path.startsWith(absent) ? 404 : 200);
    await first.arrayBuffer();
    const bad = { ...k.rootKey, accessKeySecret: `${k.rootKey.accessKeySecret}x` };
    const wrong: Record<string, Texts> = {
      'a wrong secret': signed(path, bad),
      'an unknown key': signed(path, { ...k.rootKey, accessKeyId: 'LTAI-nobody' }),
      "another account's key": signed(path, stranger),
      'an old signature': signed(path, k.rootKey, { atMs: k.clock.wallMs() - 16 * 60_000 }),
      'a used nonce': used,
      'another path': signed(`${path}x`, k.rootKey),
      'the path of calls': signed('/', k.rootKey),
      'another method': signed(path, k.rootKey, { method: 'HEAD' }),
      'another query': signed(`${path}?a=1`, k.rootKey),
      'a changed header': { ...signed(path, k.rootKey), 'x-acs-action': 'Other' },
      'no nonce': { ...signed(path, k.rootKey), 'x-acs-signature-nonce': '' },
      'half a header': { authorization: 'ACS3-HMAC-SHA256 Credential=a' },
    };
    for (const [what, headers] of Object.entries(wrong))
      assert.deepEqual(await told(await get(path, headers)), unsigned, `${what}: ${path}`);
  }
  await k.call('ModifyImageFamilyAccess', {
    RegionId: REGION,
    ImageFamily: 'web-größe',
    Access: 'public-read',
  });
  const open = await get(`${family}/latest.json`, signed(`${family}/latest.json`, stranger));
  assert.equal(open.status, 200);
});

test('a switched-off key opens nothing, a user what his policies allow', async (t) => {
  const { k, family, ImageFamily, signed, get } = await site(t);
  const path = `${family}/latest.json`;
  const status = async (key: KeyPair) => (await get(path, signed(path, key))).status;
  const second = await k.call('CreateAccessKey');
  const key = { accessKeyId: second.AccessKeyId, accessKeySecret: second.AccessKeySecret };
  assert.equal(await status(key), 200);
  const UserAccessKeyId = key.accessKeyId;
  await k.call('UpdateAccessKey', { UserAccessKeyId, Status: 'Inactive' });
  assert.equal(await status(key), 401);
  const user = await userOf(k, 'reader');
  assert.equal(await status(user), 401);
  const allow = async (PolicyName: string, Resource: string) => {
    const Statement = [{ Effect: 'Allow', Action: 'kindred:DescribeImageContent', Resource }];
    const PolicyDocument = JSON.stringify({ Version: '1', Statement });
    await k.call('CreatePolicy', { PolicyName, PolicyDocument });
    const attached = { PolicyName, PolicyType: 'Custom', UserName: 'reader' };
    await k.call('AttachPolicyToUser', attached);
  };
  await allow('other', 'acs:ecs:*:*:imagefamily/other');
  assert.equal(await status(user), 401);
  await allow('web', `acs:ecs:*:*:imagefamily/${ImageFamily}`);
  assert.equal(await status(user), 200);
});

test('an image that is denied by its id or its tag stays shut, whatever its family opens', async (t) => {
  const { k, family, signed, get } = await site(t);
  const moved = await get(`${family}/latest`, signed(`${family}/latest`, k.rootKey));
  const path = moved.headers.get('location')!;
  const status = async (key: KeyPair) => (await get(path, signed(path, key))).status;
  const user = await newUser(k, [allow()]);
  assert.equal(await status(user), 200);
  await user.may(allow(), deny('*', `acs:ecs:*:*:image/${path.split('/')[2]}`));
  assert.equal(await status(user), 401);
  await user.may(allow(), deny('*', '*', { Condition: { StringEquals: { 'ecs:tag/a': 'b' } } }));
  assert.equal(await status(user), 401);
});
