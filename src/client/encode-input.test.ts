import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from './data.ts';
import { encodeInput } from './encode-input.ts';

const images = operations.DescribeImages!;

test('lists and structs become numbered and dotted names; undefined is left out', () => {
  const input = {
    RegionId: 'cn-hangzhou',
    Tag: [{ Key: 'env', Value: 'prod' }, { Key: 'tier' }],
    DryRun: false,
    PageSize: 5,
    ImageId: undefined,
  };
  assert.deepEqual(encodeInput(images, input), {
    RegionId: 'cn-hangzhou',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'prod',
    'Tag.2.Key': 'tier',
    DryRun: 'false',
    PageSize: '5',
  });
});

test('a name or a shape that the operation does not have is refused', () => {
  const refused = (input: object, message: RegExp) =>
    assert.throws(() => encodeInput(images, input), { name: 'TypeError', message });
  refused({ Region: 'x' }, /^DescribeImages has no parameter Region$/);
  refused({ Tag: [{ Kay: 'x' }] }, /no parameter Tag\.1\.Kay$/);
  refused({ Tag: { Key: 'x' } }, /Tag is a list/);
  refused({ RegionId: ['x'] }, /RegionId is one string/);
  refused({ Tag: ['x'] }, /Tag\.1 is a struct/);
});
