import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness, type Parameters } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeAuditRecords } from './DescribeAuditRecords.ts';

testOperation(
  DescribeAuditRecords,
  {
    InvalidParameter: (t) => t.call({ StartTime: 'yesterday' }),
    'Invalid.NextToken': (t) => t.call({ NextToken: 'none' }),
    NoPermission: async (t) => t.call({ AccountId: t.k.accountId }, { as: await t.k.newAccount() }),
    'EntityNotExist.Account': (t) => t.call({ AccountId: '1000000000000000' }),
  },
  { isShared: true },
);

interface Listed {
  EventName: string;
  ErrorCode: string;
  RequestId: string;
  Principal: string;
  SourceIpAddress: string;
  Resources: { Resource: string[] };
  Record: string;
}

const listed = async (k: Harness, parameters: Parameters, as?: Harness['rootKey']) => {
  await k.kindred.house.trail.refused.flush();
  const answer = await k.call('DescribeAuditRecords', parameters, as && { as });
  return answer.Records.Record as Listed[];
};

test('a write has one record with who, from where, what, about what and its RequestId', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.importImage({ ImageName: 'golden' });
  const made = await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: imageId,
    ImageFamily: 'web',
    ClientToken: 'x',
  });
  const [record, ...others] = await listed(k, { EventName: 'ModifyImageAttribute' });
  assert.equal(others.length, 0, 'tests run every write twice; one is recorded');
  assert.equal(record!.RequestId, made.RequestId);
  assert.equal(record!.Principal, `acs:ram::${k.accountId}:root`);
  assert.equal(record!.SourceIpAddress, '127.0.0.1');
  assert.deepEqual(record!.Resources.Resource.toSorted(), [imageId, 'web'].toSorted());
  const whole = JSON.parse(record!.Record);
  assert.deepEqual(whole.userIdentity, {
    type: 'root-account',
    principalId: `acs:ram::${k.accountId}:root`,
    accountId: k.accountId,
    accessKeyId: k.rootKey.accessKeyId,
  });
  assert.equal(whole.acsRegion, REGION);
  assert.equal(whole.requestParameters.ImageFamily, 'web');
  assert.equal((await listed(k, { Resource: imageId })).length, 2);
  assert.equal((await listed(k, { EventRequestId: made.RequestId })).length, 1);
  assert.equal((await listed(k, { Principal: 'acs:ram::1:root' })).length, 0);
});

test('what was refused is recorded once a second and kind, with its count; a read that was answered is not', async (t) => {
  const k = await kindred(t);
  await k.call('DescribeImages', { RegionId: REGION });
  await k.refused('DescribeImages', { RegionId: 'nowhere' });
  const bad = { accessKeyId: k.rootKey.accessKeyId, accessKeySecret: 'wrong' };
  for (let i = 0; i < 3; i++) await k.refused('DescribeImages', { RegionId: REGION }, { as: bad });
  for (let i = 0; i < 2; i++)
    await k.refused('DeleteImage', { RegionId: REGION, ImageId: 'm-bp1aaaaaaaaaaaaaaaaa' });
  const other = await k.newAccount();
  await k.refused('Fsck', {}, { as: other });
  const refused = (await listed(k, {})).filter(({ ErrorCode }) => ErrorCode !== '');
  assert.deepEqual(
    refused.map(({ EventName, ErrorCode, Principal }) => [EventName, ErrorCode, Principal]),
    [
      ['Fsck', 'NoPermission', `acs:ram::${other.accountId}:root`],
      ['DeleteImage', 'InvalidImageId.NotFound', `acs:ram::${k.accountId}:root`],
      ['DescribeImages', 'SignatureDoesNotMatch', ''],
    ],
  );
  const forged = JSON.parse(refused[2]!.Record);
  assert.equal(forged.additionalEventData.count, 3);
  assert.equal(forged.additionalEventData.requestIds.length, 3);
  assert.equal(forged.userIdentity.type, 'unknown');
  assert.doesNotMatch(refused[2]!.Record, /string to sign is/i);
});

test('a dry run is recorded as what it was, and changed nothing', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.importImage();
  await k.refused('DeleteImage', { RegionId: REGION, ImageId: imageId, DryRun: 'true' });
  const [record, ...others] = await listed(k, { EventName: 'DeleteImage' });
  assert.deepEqual([record?.ErrorCode, others.length], ['DryRunOperation', 0]);
});

test('an account sees its own records, by pages, and nothing of how many there are of others', async (t) => {
  const k = await kindred(t);
  const mine = await k.newAccount();
  for (let i = 0; i < 5; i++) {
    await k.call('CreateVpc', { RegionId: REGION, VpcName: `pair-${i}` }, { as: mine });
    await k.call('CreateVpc', { RegionId: REGION, VpcName: `pair-${i}` });
    if (i % 2 === 0) k.clock.advance(1_000);
  }
  const seen: string[] = [];
  for (let NextToken: string | undefined; NextToken !== '';) {
    const page: { NextToken: string; Records: { Record: Listed[] } } = await k.call(
      'DescribeAuditRecords',
      { MaxResults: '2', ...(NextToken && { NextToken }) },
      { as: mine },
    );
    for (const record of page.Records.Record) {
      assert.equal(JSON.parse(record.Record).recipientAccountId, mine.accountId);
      assert.doesNotMatch(JSON.stringify(record), /sequence|previousHash/i);
      seen.push(JSON.parse(record.Record).requestParameters.VpcName);
    }
    NextToken = page.NextToken;
  }
  assert.deepEqual(seen, ['pair-4', 'pair-3', 'pair-2', 'pair-1', 'pair-0']);
  const early = await listed(k, { EndTime: '2026-11-24T12:00:01Z' }, mine);
  assert.equal(early.length, 1);
  assert.equal((await listed(k, { StartTime: '2026-11-24T12:00:01Z' }, mine)).length, 4);
  assert.equal((await listed(k, { AccountId: mine.accountId })).length, 5);
});

test('secrets are in no record', async (t) => {
  const k = await kindred(t);
  const made = await k.newAccount();
  const { AccessKeySecret } = await k.call('CreateAccessKey');
  await k.call('CreateKeyPair', { RegionId: REGION, KeyPairName: 'pair' });
  await k.refused('RunInstances', {
    RegionId: REGION,
    UserData: 'planted-user-data',
    Password: 'planted-password',
    ImageId: 'm-bp1aaaaaaaaaaaaaaaaa',
    'Arn.1.Rolearn': 'https://user:planted-user@host/x?token=planted-query',
  });
  const texts = (await listed(k, {})).map(({ Record }) => Record).join('\n');
  assert.match(texts, /"UserData":"\[redacted\]"/);
  for (const secret of [made.accessKeySecret, AccessKeySecret, 'planted', 'PRIVATE KEY'])
    assert.ok(!texts.includes(secret), secret);
});
