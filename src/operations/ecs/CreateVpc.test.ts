import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CreateVpc } from './CreateVpc.ts';

const make = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  CreateVpc,
  {
    MissingParameter: (t) => t.call({ VpcName: 'builders' }),
    InvalidParameter: make({ EnableIpv6: 'true' }),
    DryRunOperation: make({ DryRun: 'true' }),
    IdempotentParameterMismatch: async (t) => {
      const call = { RegionId: REGION, ClientToken: 'once' };
      await t.k.call('CreateVpc', call);
      return t.call({ ...call, VpcName: 'another' });
    },
    'InvalidCidrBlock.Malformed': make({ CidrBlock: '10.0.0.1/8' }),
    'InvalidVpcName.Malformed': make({ VpcName: 'https://x.test' }),
    'InvalidVpcDiscription.Malformed': make({ Description: 'http://x.test' }),
    'QuotaExceeded.Vpc': async (t) => {
      const call = { RegionId: 'cn-beijing' };
      for (let i = 0; i < 3; i++) await t.k.call('CreateVpc', call);
      return t.call(call);
    },
    InvalidTagCount: make(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidTagKey.Malformed': make({ 'Tag.1.Key': 'acs:x' }),
    'InvalidTagValue.Malformed': make({ 'Tag.1.Key': 'a', 'Tag.1.Value': 'http://x.test' }),
    'Duplicate.TagKey': make({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }),
    'InvalidRegionId.NotFound': make({ RegionId: 'cn-nowhere' }),
    'InvalidResourceGroup.NotFound': make({ ResourceGroupId: 'mine' }),
  },
  { isShared: true, kindred: { quotas: { networkRecords: 3 } } },
);

test('a VPC is Pending and then Available; a retry makes no second one', async (t) => {
  const k = await kindred(t);
  const call = {
    RegionId: REGION,
    VpcName: 'builders',
    Description: 'of images',
    UserCidr: '6.0.0.0/8,7.0.0.0/8',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'ci',
    ClientToken: 'once',
  };
  const { RequestId: _, ...made } = await k.call('CreateVpc', call);
  assert.match(made.VpcId, /^vpc-bp1[0-9a-z]{17}$/);
  assert.match(made.VRouterId, /^vrt-bp1/);
  assert.match(made.RouteTableId, /^vtb-bp1/);
  const again = await k.call('CreateVpc', call);
  assert.equal(again.VpcId, made.VpcId);
  const seen = async () => (await k.call('DescribeVpcs', { RegionId: REGION })).Vpcs.Vpc;
  assert.equal((await seen())[0].Status, 'Pending');
  k.clock.advance(500);
  const [{ CreationTime: __, ...vpc }, ...rest] = await seen();
  assert.deepEqual(rest, []);
  assert.deepEqual(vpc, {
    VpcId: made.VpcId,
    VpcName: 'builders',
    CidrBlock: '172.16.0.0/12',
    Status: 'Available',
    Description: 'of images',
    RegionId: REGION,
    ResourceGroupId: '',
    IsDefault: false,
    VRouterId: made.VRouterId,
    VSwitchIds: { VSwitchId: [] },
    UserCidrs: { UserCidr: ['6.0.0.0/8', '7.0.0.0/8'] },
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    Ipv6CidrBlock: '',
    RouterTableIds: { RouterTableIds: [made.RouteTableId] },
    Tags: { Tag: [{ Key: 'env', Value: 'ci' }] },
  });
});

test('the blocks that a VPC can have', async (t) => {
  const k = await kindred(t);
  const make = (CidrBlock: string) => k.call('CreateVpc', { RegionId: REGION, CidrBlock });
  for (const block of ['10.0.0.0/8', '192.168.0.0/28', '8.0.0.0/8']) await make(block);
  for (const block of ['10.0.0.0/7', '10.0.0.0/29', '100.64.0.0/16', '127.0.0.0/8', '0.0.0.0/0'])
    assert.equal(
      (await k.refused('CreateVpc', { RegionId: REGION, CidrBlock: block })).code,
      'InvalidCidrBlock.Malformed',
      block,
    );
});

test('one ClientToken at ECS and at VPC makes two VPCs', async (t) => {
  const k = await kindred(t);
  const call = { RegionId: REGION, ClientToken: 'once' };
  const ofEcs = await k.call('CreateVpc', call);
  const ofVpc = await k.call('VpcCreateVpc', call);
  assert.notEqual(ofEcs.VpcId, ofVpc.VpcId);
});
