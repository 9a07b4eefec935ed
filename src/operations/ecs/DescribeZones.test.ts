import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeZones } from './DescribeZones.ts';

const inRegion = { RegionId: REGION };

testOperation(DescribeZones, {
  MissingRegionId: (t) => t.call({}),
  InvalidSpotStrategy: (t) => t.call({ ...inRegion, SpotStrategy: 'Haggle' }),
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  'InvalidInstanceChargeType.NotFound': (t) =>
    t.call({ ...inRegion, InstanceChargeType: 'SpotAsPriceGo' }),
  'InvalidAcceptLanguage.NotFound': (t) => t.call({ ...inRegion, AcceptLanguage: 'en' }),
});

test('zones have names and offer nothing', async (t) => {
  const k = await kindred(t);
  const { Zones } = await k.call('DescribeZones', inRegion);
  assert.equal(Zones.Zone.length, 3);
  assert.deepEqual(Zones.Zone[0], {
    ZoneId: 'cn-hangzhou-a',
    LocalName: '杭州 可用区A',
    ZoneType: 'AvailabilityZone',
    AvailableDedicatedHostTypes: { DedicatedHostType: [] },
    AvailableDiskCategories: { DiskCategories: [] },
    AvailableInstanceTypes: { InstanceTypes: [] },
    AvailableResourceCreation: { ResourceTypes: [] },
    AvailableResources: { ResourcesInfo: [] },
    AvailableVolumeCategories: { VolumeCategories: [] },
    DedicatedHostGenerations: { DedicatedHostGeneration: [] },
  });
});

test('without Verbose only ids and names are answered, in the spelling of the region', async (t) => {
  const k = await kindred(t);
  const request = { RegionId: 'us-west-1', AcceptLanguage: 'en-US', Verbose: 'false' };
  const { Zones } = await k.call('DescribeZones', request);
  assert.deepEqual(Zones, DescribeZones.example.response.Zones);
});
