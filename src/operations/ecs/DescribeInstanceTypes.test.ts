import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANCE_TYPES } from '../../domain/instance-type.ts';
import { kindred, type Parameters } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeInstanceTypes } from './DescribeInstanceTypes.ts';

testOperation(
  DescribeInstanceTypes,
  {
    InvalidParameter: (t) => t.call({ MinimumEniQuantity: '3' }),
    'Invalid.NextToken': (t) => t.call({ NextToken: 'e71d8a535bd9cc11' }),
  },
  { isShared: true },
);

const namesOf = (answer: { InstanceTypes: { InstanceType: { InstanceTypeId: string }[] } }) =>
  answer.InstanceTypes.InstanceType.map(({ InstanceTypeId }) => InstanceTypeId);

test('types are found by name, family, size and processor', async (t) => {
  const k = await kindred(t);
  const found = async (filters: Parameters) =>
    namesOf(await k.call('DescribeInstanceTypes', filters));
  assert.deepEqual(
    await found({}),
    INSTANCE_TYPES.map(({ instanceTypeId }) => instanceTypeId),
  );
  assert.deepEqual(
    await found({ 'InstanceTypes.1': 'ecs.g7.large', 'InstanceTypes.2': 'ecs.none' }),
    ['ecs.g7.large'],
  );
  assert.deepEqual(await found({ InstanceTypeFamily: 'ecs.g8y', MaximumMemorySize: '16.000000' }), [
    'ecs.g8y.large',
    'ecs.g8y.xlarge',
  ]);
  assert.deepEqual(
    await found({
      'InstanceTypeFamilies.1': 'ecs.g7',
      'InstanceTypeFamilies.2': 'ecs.c7',
      MinimumCpuCoreCount: '4',
      MaximumCpuCoreCount: '4',
      MinimumMemorySize: '8.5',
    }),
    ['ecs.g7.xlarge'],
  );
  const arm = await found({ 'CpuArchitectures.1': 'ARM' });
  assert.deepEqual(arm, await found({ CpuArchitecture: 'ARM' }));
  assert.ok(arm.includes('ecs.c6r.large') && !arm.includes('ecs.c6.large'));
  const small = await found({ InstanceFamilyLevel: 'CreditEntryLevel', MaximumMemorySize: '1' });
  assert.deepEqual(small, ['ecs.t5-lc1m1.small', 'ecs.t6-c2m1.large']);
  for (const none of [
    { GPUSpec: 'NVIDIA' },
    { MinimumGPUAmount: '1' },
    { LocalStorageCategory: 'x' },
  ])
    assert.deepEqual(await found(none), []);
});

test('pages by token give every type once, and a token belongs to its query', async (t) => {
  const k = await kindred(t);
  const query = { CpuArchitecture: 'X86', MaxResults: '40' };
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await k.call('DescribeInstanceTypes', {
      ...query,
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    seen.push(...namesOf(answer));
    assert.ok(seen.length <= INSTANCE_TYPES.length);
    NextToken = answer.NextToken;
    if (NextToken !== undefined) {
      const foreign = { CpuArchitecture: 'ARM', NextToken };
      assert.equal((await k.refused('DescribeInstanceTypes', foreign)).code, 'Invalid.NextToken');
    }
  } while (NextToken !== undefined);
  assert.deepEqual(
    seen,
    namesOf(await k.call('DescribeInstanceTypes', { CpuArchitecture: 'X86' })),
  );
});
