import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOfType, findInstanceType, INSTANCE_TYPES, typesFor } from './instance-type.ts';

test('every type has a name of its own, of the form that RunInstances takes, and a size', () => {
  const ids = INSTANCE_TYPES.map(({ instanceTypeId }) => instanceTypeId);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 100);
  for (const type of INSTANCE_TYPES) {
    assert.match(type.instanceTypeId, /^ecs(\.[a-z0-9-]{1,32}){2}$/);
    assert.ok(type.cpuCoreCount >= 1 && Number.isInteger(type.memoryGib) && type.memoryGib >= 1);
  }
});

test('sizes are those of the vendor', () => {
  const sizeOf = (id: string) => {
    const type = findInstanceType(id);
    return type && [type.cpuCoreCount, type.memoryGib, type.cpuArchitecture];
  };
  assert.deepEqual(sizeOf('ecs.g7.large'), [2, 8, 'X86']);
  assert.deepEqual(sizeOf('ecs.c6.2xlarge'), [8, 16, 'X86']);
  assert.deepEqual(sizeOf('ecs.t5-lc1m1.small'), [1, 1, 'X86']);
  assert.deepEqual(sizeOf('ecs.g8y.xlarge'), [4, 16, 'ARM']);
  assert.equal(sizeOf('ecs.none.large'), undefined);
});

test('the family is the name without the size, also of types outside the table', () => {
  const families = [
    'ecs.g7.large',
    'ecs.t6-c1m1.large',
    'ecs.u1-c1m2.large',
    'ecs.gn6i-c4g1.xlarge',
  ];
  assert.deepEqual(families.map(familyOfType), ['ecs.g7', 'ecs.t6', 'ecs.u1', 'ecs.gn6i']);
});

test('an image of arm64 runs on ARM, all others on x86', () => {
  assert.ok(typesFor('arm64').every(({ cpuArchitecture }) => cpuArchitecture === 'ARM'));
  assert.deepEqual(typesFor('i386'), typesFor('x86_64'));
  assert.equal(typesFor('arm64').length + typesFor('i386').length, INSTANCE_TYPES.length);
});
