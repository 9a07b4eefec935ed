import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness, type Parameters } from '../../testing/harness.ts';
import { newVpc, newVSwitch, newResourceGroup } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CreateVSwitch } from './CreateVSwitch.ts';

const make = (parameters: Parameters) => async (t: Case) =>
  t.call({
    RegionId: REGION,
    VpcId: await newVpc(t.k),
    ZoneId: 'cn-hangzhou-b',
    CidrBlock: '172.16.0.0/24',
    ...parameters,
  });

const routeTableOf = async (k: Harness, VpcId: string): Promise<string> =>
  (await k.call('DescribeVpcs', { RegionId: REGION, VpcId })).Vpcs.Vpc[0].RouterTableIds
    .RouterTableIds[0];

testOperation(
  CreateVSwitch,
  {
    MissingParameter: make({ ZoneId: '' }),
    InvalidParameter: make({ CidrBlock: '10.0.0.0/24' }),
    IdempotentParameterMismatch: async (t) => {
      const VpcId = await newVpc(t.k);
      await newVSwitch(t.k, { VpcId, ClientToken: 'once' });
      return make({ VpcId, ClientToken: 'once' })(t);
    },
    'InvalidCidrBlock.Malformed': make({ CidrBlock: '172.16.0.1/24' }),
    'InvalidCirdrBlock.MaskLength': make({ CidrBlock: '172.16.0.0/30' }),
    'InvalidCidrBlock.Overlapped': async (t) => {
      const VpcId = await newVpc(t.k);
      await newVSwitch(t.k, { VpcId, CidrBlock: '172.16.0.0/20' });
      return make({ VpcId, CidrBlock: '172.16.8.0/24' })(t);
    },
    'InvalidVSwitchName.Malformed': make({ VSwitchName: 'http://x.test' }),
    'InvalidVSwitchDiscription.Malformed': make({ Description: 'https://x.test' }),
    'QuotaExceeded.VSwitch': async (t) => {
      const RegionId = 'cn-beijing';
      const VpcId = await newVpc(t.k, { RegionId });
      const call = { RegionId, VpcId, ZoneId: 'cn-beijing-a' };
      for (let i = 0; i < 20; i++)
        await newVSwitch(t.k, { ...call, CidrBlock: `172.16.${i}.0/24` });
      return t.call({ ...call, CidrBlock: '172.16.99.0/24' });
    },
    IncorrectVpcStatus: async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      return t.call({ VpcId, ZoneId: 'cn-hangzhou-a', CidrBlock: '172.16.0.0/24' });
    },
    InvalidTagCount: make(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidTagKey.Malformed': make({ 'Tag.1.Key': 'aliyun' }),
    'InvalidTagValue.Malformed': make({ 'Tag.1.Key': 'a', 'Tag.1.Value': 'http://x.test' }),
    'Duplicate.TagKey': make({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }),
    'InvalidRegionId.NotFound': make({ RegionId: 'cn-nowhere' }),
    'InvalidVpcId.NotFound': make({ VpcId: 'vpc-bp1unknown' }),
    'InvalidZoneId.NotFound': make({ ZoneId: 'cn-beijing-a' }),
  },
  { isShared: true, kindred: { quotas: { networkRecords: 20 } } },
);

test('a vSwitch is Pending and then Available, within its VPC', async (t) => {
  const k = await kindred(t);
  const ResourceGroupId = await newResourceGroup(k);
  const VpcId = await newVpc(k, { ResourceGroupId });
  const call = {
    VpcId,
    ZoneId: 'cn-hangzhou-b',
    CidrBlock: '172.16.0.0/24',
    VSwitchName: 'b',
    'Tag.1.Key': 'env',
    ClientToken: 'once',
  };
  const { VSwitchId } = await k.call('CreateVSwitch', call);
  assert.match(VSwitchId, /^vsw-bp1[0-9a-z]{17}$/);
  assert.equal((await k.call('CreateVSwitch', call)).VSwitchId, VSwitchId);
  const seen = async () =>
    (await k.call('DescribeVSwitches', { RegionId: REGION })).VSwitches.VSwitch;
  assert.equal((await seen())[0].Status, 'Pending');
  k.clock.advance(500);
  const [{ CreationTime: _, ...vSwitch }] = await seen();
  assert.deepEqual(vSwitch, {
    VSwitchId,
    VSwitchName: 'b',
    VpcId,
    ZoneId: 'cn-hangzhou-b',
    CidrBlock: '172.16.0.0/24',
    Ipv6CidrBlock: '',
    Status: 'Available',
    Description: '',
    ResourceGroupId,
    IsDefault: false,
    RouteTable: { RouteTableId: await routeTableOf(k, VpcId), RouteTableType: 'System' },
    AvailableIpAddressCount: 252,
    Tags: { Tag: [{ Key: 'env', Value: '' }] },
  });
});

test('blocks side by side, and the same block in another VPC', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k);
  await newVSwitch(k, { VpcId, CidrBlock: '172.16.0.0/24' });
  await newVSwitch(k, { VpcId, CidrBlock: '172.16.1.0/24' });
  await newVSwitch(k, { VpcId: await newVpc(k), CidrBlock: '172.16.0.0/24' });
  const { TotalCount } = await k.call('DescribeVSwitches', { RegionId: REGION, VpcId });
  assert.equal(TotalCount, 2);
});
