import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeRegions } from './DescribeRegions.ts';

testOperation(DescribeRegions, {
  'Invalid.InstanceChargeType': (t) => t.call({ InstanceChargeType: 'Barter' }),
  'InvalidAcceptLanguage.NotFound': (t) => t.call({ AcceptLanguage: 'zh_TW' }),
  'InvalidResourceType.NotFound': (t) => t.call({ ResourceType: 'image' }),
});

interface Region {
  RegionId: string;
  LocalName: string;
  RegionEndpoint: string;
  Status: string;
}

test('open regions and added ones are listed, in Chinese by default, with the host called', async (t) => {
  const k = await kindred(t, { regions: ['home-lab'] });
  // Older SDKs add the region of the client to every call, whatever it is.
  const { Regions } = await k.call('DescribeRegions', { RegionId: 'moon-1' });
  const rows = Regions.Region as Region[];
  const of = (id: string) => rows.find((row) => row.RegionId === id);
  assert.equal(of('cn-hangzhou')?.LocalName, '华东1（杭州）');
  assert.equal(of('home-lab')?.LocalName, 'home-lab');
  assert.equal(of('cn-hangzhou-finance'), undefined);
  const endpoints = new Set(rows.map((row) => row.RegionEndpoint));
  assert.equal(endpoints.size, 1);
  assert.ok(!endpoints.has(''));
  assert.deepEqual(new Set(rows.map((row) => row.Status)), new Set(['available']));
});

test('AcceptLanguage chooses between Chinese and English names', async (t) => {
  const k = await kindred(t);
  const names = { 'zh-CN': '新加坡', 'zh-TW': '新加坡', 'en-US': 'Singapore', ja: 'Singapore' };
  for (const [AcceptLanguage, name] of Object.entries(names)) {
    const { Regions } = await k.call('DescribeRegions', { AcceptLanguage });
    const row = (Regions.Region as Region[]).find((each) => each.RegionId === 'ap-southeast-1');
    assert.equal(row?.LocalName, name);
  }
});
