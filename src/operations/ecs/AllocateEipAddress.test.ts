import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newEip } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { AllocateEipAddress } from './AllocateEipAddress.ts';

const make = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  AllocateEipAddress,
  {
    MissingParameter: (t) => t.call({ Bandwidth: '5' }),
    InvalidParameter: make({ InstanceChargeType: 'PrePaid' }),
    IdempotentParameterMismatch: async (t) => {
      await newEip(t.k, { ClientToken: 'once' });
      return make({ ClientToken: 'once', Bandwidth: '6' })(t);
    },
    'QuotaExceeded.Eip': async (t) => {
      for (let i = 0; i < 3; i++) await newEip(t.k, { RegionId: 'cn-beijing' });
      return t.call({ RegionId: 'cn-beijing' });
    },
    'InvalidRegionId.NotFound': make({ RegionId: 'cn-nowhere' }),
    'InvalidResourceGroup.NotFound': make({ ResourceGroupId: 'mine' }),
  },
  { isShared: true, kindred: { quotas: { networkRecords: 3 } } },
);

test('an address is Available at once, and no two are the same', async (t) => {
  const k = await kindred(t);
  const call = { RegionId: REGION, Name: 'builder', Description: 'of images', ClientToken: 'once' };
  const made = await k.call('AllocateEipAddress', call);
  assert.match(made.AllocationId, /^eip-bp1[0-9a-z]{17}$/);
  assert.match(made.EipAddress, /^198\.19\.\d+\.\d+$/);
  assert.equal((await k.call('AllocateEipAddress', call)).EipAddress, made.EipAddress);
  const { EipAddresses } = await k.call('DescribeEipAddresses', { RegionId: REGION });
  const [{ AllocationTime: _, ...eip }] = EipAddresses.EipAddress;
  assert.deepEqual(eip, {
    AllocationId: made.AllocationId,
    IpAddress: made.EipAddress,
    Name: 'builder',
    Description: 'of images',
    Descritpion: 'of images',
    Status: 'Available',
    InstanceId: '',
    InstanceType: '',
    InstanceRegionId: '',
    Bandwidth: '5',
    EipBandwidth: '5',
    InternetChargeType: 'PayByBandwidth',
    ChargeType: 'PostPaid',
    ISP: 'BGP',
    Netmode: 'public',
    ExpiredTime: '',
    RegionId: REGION,
    ResourceGroupId: '',
    DeletionProtection: false,
    HDMonitorStatus: 'OFF',
    PublicIpAddressPoolId: '',
    Zone: '',
    AvailableRegions: { AvailableRegion: [REGION] },
    BandwidthPackageId: '',
    BandwidthPackageType: '',
    BandwidthPackageBandwidth: '',
    SegmentInstanceId: '',
    SecondLimited: false,
    HasReservationData: false,
    OperationLocks: { LockReason: [] },
    SecurityProtectionTypes: { SecurityProtectionType: [] },
    Tags: { Tag: [] },
  });
  const addresses = new Set<string>();
  for (let i = 0; i < 20; i++)
    addresses.add((await k.call('AllocateEipAddress', { RegionId: REGION })).EipAddress);
  assert.equal(addresses.size, 20);
});
