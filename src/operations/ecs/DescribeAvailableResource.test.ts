import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeAvailableResource } from './DescribeAvailableResource.ts';

const zones = { RegionId: REGION, DestinationResource: 'Zone' };
const types = { RegionId: REGION, DestinationResource: 'InstanceType' };

testOperation(
  DescribeAvailableResource,
  {
    MissingRegionId: (t) => t.call({ DestinationResource: 'Zone' }),
    InvalidParameter: (t) => t.call({ ...types, Memory: 'much' }),
    'Invalid.Param': (t) => t.call({ RegionId: REGION, DestinationResource: 'SystemDisk' }),
    'Invalid.InstanceChargeType': (t) => t.call({ ...zones, InstanceChargeType: 'Free' }),
    'InvalidDedicatedHostId.NotFound': (t) => t.call({ ...zones, DedicatedHostId: 'dh-bp1' }),
    'InvalidParam.Cores': (t) => t.call({ ...zones, Cores: '2' }),
    'InvalidParam.Memory': (t) => t.call({ ...zones, Memory: '2' }),
    'InvalidParam.TypeAndCpuMem.Conflict': (t) =>
      t.call({ ...types, InstanceType: 'ecs.g7.large', Cores: '2' }),
    'InvalidParameter.Scope': (t) => t.call({ ...zones, Scope: 'World' }),
    'Invalid.DestinationResource': (t) => t.call({ ...zones, DestinationResource: 'Moon' }),
    'Invalid.IoOptimized': (t) => t.call({ ...zones, IoOptimized: 'maybe' }),
    'Invalid.NetworkCategory': (t) => t.call({ ...zones, NetworkCategory: 'mesh' }),
    'Invalid.ResourceType': (t) => t.call({ ...zones, ResourceType: 'moon' }),
    'Invalid.SpotStrategy': (t) => t.call({ ...zones, SpotStrategy: 'Haggle' }),
    'InvalidRegionId.NotFound': (t) => t.call({ ...zones, RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('every zone that DescribeZones lists is available, with the same types and disks', async (t) => {
  const k = await kindred(t);
  const { Zones } = await k.call('DescribeZones', { RegionId: REGION });
  const ask = async (parameters: Parameters) =>
    (await k.call('DescribeAvailableResource', { RegionId: REGION, ...parameters })).AvailableZones
      .AvailableZone;
  const values = (zone: {
    AvailableResources: {
      AvailableResource: { SupportedResources: { SupportedResource: { Value: string }[] } }[];
    };
  }): string[] =>
    zone.AvailableResources.AvailableResource[0]!.SupportedResources.SupportedResource.map(
      ({ Value }) => Value,
    );

  const all = await ask({ DestinationResource: 'Zone', IoOptimized: 'optimized' });
  assert.deepEqual(
    all,
    Zones.Zone.map(({ ZoneId }: { ZoneId: string }) => ({
      RegionId: REGION,
      ZoneId,
      Status: 'Available',
      StatusCategory: 'WithStock',
    })),
  );
  const [zone] = Zones.Zone;
  const [inZone, ...others] = await ask({
    DestinationResource: 'InstanceType',
    ZoneId: zone.ZoneId,
  });
  assert.deepEqual([inZone.ZoneId, others], [zone.ZoneId, []]);
  assert.deepEqual(values(inZone), zone.AvailableInstanceTypes.InstanceTypes);
  const InstanceType = 'ecs.g7.large';
  for (const disks of [
    { DestinationResource: 'SystemDisk', InstanceType },
    { DestinationResource: 'DataDisk', InstanceType },
    { DestinationResource: 'DataDisk', ResourceType: 'disk' },
  ])
    assert.deepEqual(values((await ask(disks))[0]), zone.AvailableDiskCategories.DiskCategories);
  assert.deepEqual(values((await ask({ DestinationResource: 'Network' }))[0]), ['vpc', 'classic']);
  const classic = { DestinationResource: 'Network', NetworkCategory: 'classic' };
  assert.deepEqual(values((await ask(classic))[0]), ['classic']);
  assert.deepEqual(values((await ask({ DestinationResource: 'IoOptimized' }))[0]), ['optimized']);

  const ofSize = { DestinationResource: 'InstanceType', Cores: '2', Memory: '8.000000' };
  const found = values((await ask(ofSize))[0]);
  assert.ok(found.includes('ecs.g7.large') && !found.includes('ecs.c7.large'));
  const named = { DestinationResource: 'InstanceType', InstanceType };
  assert.deepEqual(values((await ask(named))[0]), [InstanceType]);
  const essd = {
    DestinationResource: 'DataDisk',
    ResourceType: 'disk',
    DataDiskCategory: 'cloud_essd',
  };
  assert.deepEqual(values((await ask(essd))[0]), ['cloud_essd']);

  for (const nowhere of [
    { DestinationResource: 'Zone', InstanceType: 'ecs.none.large' },
    { DestinationResource: 'Zone', ZoneId: 'cn-hangzhou-z' },
    { DestinationResource: 'Zone', IoOptimized: 'none' },
    { DestinationResource: 'Zone', ResourceType: 'reservedinstance' },
    { DestinationResource: 'ddh' },
    { DestinationResource: 'InstanceType', SystemDiskCategory: 'ephemeral_ssd' },
  ])
    assert.deepEqual(await ask(nowhere), []);
});
