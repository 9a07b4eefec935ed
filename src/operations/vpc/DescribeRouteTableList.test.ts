import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newVpc } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeRouteTableList } from './DescribeRouteTableList.ts';

testOperation(
  DescribeRouteTableList,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ RegionId: REGION, RouteTableType: 'Great' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('each VPC has one table, which is found by its parts', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k);
  await newVpc(k);
  const list = async (parameters: Parameters) => {
    const answer = await k.call('DescribeRouteTableList', { RegionId: REGION, ...parameters });
    const tables = answer.RouterTableList.RouterTableListType;
    assert.equal(answer.TotalCount, tables.length);
    return tables;
  };
  const [table] = await list({ VpcId });
  assert.deepEqual(
    [table.RouteTableType, table.RouterType, table.Status, table.VpcId],
    ['System', 'VRouter', 'Available', VpcId],
  );
  const { VRouterId, RouterTableIds } = (await k.call('DescribeVpcs', { RegionId: REGION, VpcId }))
    .Vpcs.Vpc[0];
  assert.equal(table.RouterId, VRouterId);
  assert.deepEqual(RouterTableIds.RouterTableIds, [table.RouteTableId]);
  for (const [parameters, count] of [
    [{}, 2],
    [{ RouterId: VRouterId }, 1],
    [{ RouteTableId: table.RouteTableId }, 1],
    [{ RouteTableId: 'vtb-bp1unknown' }, 0],
    [{ RouteTableType: 'System', RouterType: 'VRouter' }, 2],
    [{ RouteTableType: 'Custom' }, 0],
    [{ RouterType: 'VBR' }, 0],
    [{ RouteTableName: 'mine' }, 0],
    [{ ResourceGroupId: 'rg-1' }, 0],
  ] as const)
    assert.equal((await list(parameters)).length, count, JSON.stringify(parameters));
});
