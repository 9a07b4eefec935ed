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

test('three zones offer what can be kept as a record', async (t) => {
  const k = await kindred(t);
  const { Zones } = await k.call('DescribeZones', inRegion);
  assert.equal(Zones.Zone.length, 3);
  const [zone] = Zones.Zone;
  assert.deepEqual(
    [zone.ZoneId, zone.LocalName, zone.ZoneType],
    ['cn-hangzhou-a', '杭州 可用区A', 'AvailabilityZone'],
  );
  assert.ok(zone.AvailableInstanceTypes.InstanceTypes.includes('ecs.g7.large'));
  assert.ok(zone.AvailableDiskCategories.DiskCategories.includes('cloud_essd'));
  assert.ok(zone.AvailableResourceCreation.ResourceTypes.includes('VSwitch'));
  const [info] = zone.AvailableResources.ResourcesInfo;
  assert.deepEqual(
    info.InstanceTypes.supportedInstanceType,
    zone.AvailableInstanceTypes.InstanceTypes,
  );
  assert.ok(info.InstanceTypeFamilies.supportedInstanceTypeFamily.includes('ecs.g7'));
  assert.deepEqual(zone.AvailableDedicatedHostTypes, { DedicatedHostType: [] });
});

test('without Verbose only ids and names are answered, in the spelling of the region', async (t) => {
  const k = await kindred(t);
  const request = { RegionId: 'us-west-1', AcceptLanguage: 'en-US', Verbose: 'false' };
  const { Zones } = await k.call('DescribeZones', request);
  assert.deepEqual(Zones, DescribeZones.example.response.Zones);
});
