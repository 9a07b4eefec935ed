import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { operations } from '../index.ts';
import { DescribeEndpoints, SERVICE_CODES } from './DescribeEndpoints.ts';

testOperation(DescribeEndpoints, {
  MissingParameter: (t) => t.call({ Id: REGION }),
  InvalidRegionId: (t) => t.call({ Id: 'cn-nowhere', ServiceCode: 'ecs' }),
  'Illegal Parameter': (t) => t.call({ Id: REGION, ServiceCode: 'rds' }),
});

test('every product is at the host that was called', async (t) => {
  const k = await kindred(t);
  const regions = await k.call('DescribeRegions');
  const host = regions.Regions.Region[0].RegionEndpoint;
  for (const code of SERVICE_CODES) {
    const { RequestId: _, ...answer } = await k.call('DescribeEndpoints', {
      Id: 'us-west-1',
      ServiceCode: code,
      RegionId: 'cn-elsewhere',
    });
    const here = { Id: 'us-west-1', SerivceCode: code, Type: 'openAPI', Endpoint: host };
    assert.deepEqual(answer, { Success: true, Endpoints: { Endpoint: [here] } });
  }
});

test('codes are known in any case; there are no endpoints of another kind', async (t) => {
  const k = await kindred(t);
  const ask = (more: object) => k.call('DescribeEndpoints', { Id: REGION, ...more });
  const { Endpoints } = await ask({ ServiceCode: 'Ecs' });
  assert.equal(Endpoints.Endpoint[0].SerivceCode, 'ecs');
  const inner = await ask({ ServiceCode: 'ecs', Type: 'innerAPI' });
  assert.deepEqual(inner.Endpoints, { Endpoint: [] });
});

test('clients know a missing region and a missing product by these words', async (t) => {
  const k = await kindred(t);
  const region = await k.refused('DescribeEndpoints', { Id: 'cn-nowhere', ServiceCode: 'ecs' });
  assert.match(region.body, /"Message":"The specified region does not exist\."/);
  const product = await k.refused('DescribeEndpoints', { Id: REGION, ServiceCode: 'rds' });
  assert.match(product.body, /"Message":"Please check the parameters"/);
});

test('every product of the registry can be asked for', () => {
  const products = new Set(operations.map(({ product }) => product));
  products.delete('kindred');
  assert.deepEqual(
    [...products].filter((product) => !SERVICE_CODES.includes(product)),
    [],
  );
});
