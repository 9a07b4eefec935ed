import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anonymise } from './anonymise.ts';

const IMAGE = {
  ImageId: 'm-bp1aaaaaaaaaaaaaaaaa',
  ImageName: 'billing of 1234567890123456',
  ImageFamily: 'billing',
  ImageVersion: '1.2',
  Description: 'the billing machine, from m-bp1aaaaaaaaaaaaaaaaa',
  CreationTime: '2026-01-01T00:00:00Z',
  DiskDeviceMappings: [{ SnapshotId: 's-bp1bbbbbbbbbbbbbbbbb', Size: 40 }],
  Tags: [{ Key: 'team', Value: 'billing' }],
  Accounts: ['account-1234567890123456'],
};
const SEED = {
  Accounts: [{ AccountName: 'account-1234567890123456', AccountId: '1234567890123456' }],
  Images: [IMAGE, { ...IMAGE, ImageId: 'm-x1y2', ImageName: 'm-bp1aaaaaaaaaaaaaaaaa' }],
};
const KEY = Buffer.alloc(32, 1);
const run = (anonymity: 'ids' | 'names', key?: Uint8Array) =>
  anonymise(SEED, anonymity, key) as typeof SEED;

test('ids become others of their form, the same wherever they stood', () => {
  const seed = run('ids', KEY);
  assert.doesNotMatch(JSON.stringify(seed), /aaaaa|bbbbb|1234567890123456|x1y2/);
  const [one, two] = seed.Images;
  const [account] = seed.Accounts;
  assert.match(one!.ImageId, /^m-bp1[0-9a-z]{17}$/);
  assert.match(two!.ImageId, /^m-x1y[0-9a-z]{17}$/);
  assert.match(one!.DiskDeviceMappings[0]!.SnapshotId, /^s-bp1[0-9a-z]{17}$/);
  assert.match(account!.AccountId, /^1\d{15}$/);
  assert.equal(account!.AccountName, `account-${account!.AccountId}`);
  assert.deepEqual(one!.Accounts, [account!.AccountName]);
  assert.equal(two!.ImageName, one!.ImageId);
  assert.equal(one!.ImageName, `billing of ${account!.AccountId}`);
  assert.equal(one!.ImageFamily, 'billing');
  assert.equal(one!.Description, `the billing machine, from ${one!.ImageId}`);
  assert.deepEqual(run('ids', KEY), seed);
});

test('names go too when asked, and nobody can try them: each file has its own key', () => {
  const seed = run('names', KEY);
  assert.doesNotMatch(JSON.stringify(seed), /billing|team|1\.2|Description/);
  const [one, two] = seed.Images;
  assert.match(one!.ImageFamily, /^family-[0-9a-z]{10}$/);
  assert.equal(one!.ImageFamily, two!.ImageFamily);
  assert.notEqual(one!.ImageName, two!.ImageName);
  assert.equal(one!.CreationTime, IMAGE.CreationTime);
  assert.notDeepEqual(run('names'), run('names'));
});
