import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as s from '../lib/schema.ts';
import { decode } from './decode.ts';
import { fails, seed } from './test-requests.ts';

const text = (maxLength = 128) => s.string({ maxLength });
const schema = s.object({
  RegionId: s.string({ minLength: 1, maxLength: 64 }),
  ImageId: s.optional(s.string({ invalid: 'InvalidRegionId.NotFound', aliases: ['Image'] })),
  PageSize: s.optional(s.integer({ minimum: 1, maximum: 100, clamp: true, default: 10 })),
  Size: s.optional(s.integer({ minimum: 5, maximum: 500 })),
  DryRun: s.optional(s.boolean()),
  Status: s.optional(s.choice(['Available', 'Deprecated'])),
  Family: s.optional(s.string({ minLength: 2, maxLength: 4, pattern: '^\\p{L}[\\p{L}\\d:]*$' })),
  ResourceId: s.optional(s.list(text(), { maxItems: 3, tooMany: 'DryRunOperation' })),
  Tag: s.optional(s.list(s.object({ Key: text(), Value: s.optional(text()) }), { maxItems: 20 })),
  Features: s.optional(
    s.object({ ImdsSupport: s.optional(text()), NvmeSupport: s.optional(s.boolean()) }),
  ),
  TagFilter: s.optional(
    s.list(s.object({ TagKey: text(), TagValues: s.optional(s.list(text(), { maxItems: 20 })) })),
  ),
  Labels: s.optional(s.list(text(), { default: ['none'] })),
});

type Pairs = Record<string, string>;
const run = (pairs: Pairs) => decode(schema, new Map(Object.entries({ RegionId: 'r', ...pairs })));
/** The decoded members beside those that every request here has. */
const read = (pairs: Pairs): object => {
  const { RegionId: _r, PageSize: _p, Labels: _l, ...rest } = run(pairs).value;
  return rest;
};
const refuse = (pairs: Pairs, message = /is not valid/): void => {
  assert.match(fails(() => run(pairs), 'InvalidParameter').message, message);
};

test('scalars, defaults and clamping', () => {
  const { value } = run({ Size: '40', DryRun: 'True', Status: 'Available', PageSize: '1000' });
  assert.deepEqual(value, {
    RegionId: 'r',
    PageSize: 100,
    Size: 40,
    DryRun: true,
    Status: 'Available',
    Labels: ['none'],
  });
  assert.deepEqual(run({}).value, { RegionId: 'r', PageSize: 10, Labels: ['none'] });
  run({}).value.Labels?.push('changed');
  assert.deepEqual(run({}).value.Labels, ['none']);
});

test('a missing required parameter comes before any bad value', () => {
  const pairs = new Map([['Size', 'bad']]);
  const error = fails(() => decode(schema, pairs), 'MissingRegionId');
  assert.equal(error.message, 'RegionId is mandatory for this action.');
  fails(() => run({ RegionId: '' }), 'MissingRegionId');
  const own = s.object({ Zone: text(), Disk: s.list(text(), { missing: 'MissingImageId' }) });
  const { message } = fails(() => decode(own, new Map()), 'MissingParameter');
  assert.match(message, /"Zone"/);
  for (const sent of ['', '[]', '[""]']) {
    fails(
      () =>
        decode(
          own,
          new Map([
            ['Zone', 'z'],
            ['Disk', sent],
          ]),
        ),
      'MissingImageId',
    );
  }
  assert.match(fails(() => run({ 'Tag.2.Value': 'v' }), 'MissingParameter').message, /Tag\.2\.Key/);
});

test('an operation gives its own status to a code', () => {
  const status = (code: string) => (code === 'MissingRegionId' ? 499 : undefined);
  const act = () => decode(schema, new Map(), { status });
  assert.equal(fails(act, 'MissingRegionId').status, 499);
  const bad = new Map([
    ['RegionId', 'r'],
    ['Size', 'x'],
  ]);
  assert.equal(fails(() => decode(schema, bad, { status }), 'InvalidParameter').status, 400);
});

test('integers have one spelling', () => {
  const bad = ['1e3', '0x10', ' 12 ', '９', '9007199254740993', '-0', '+1', '-1', '007', '4.0'];
  for (const Size of [...bad, '4', '501', 'NaN', '9'.repeat(100_000)]) refuse({ Size }, /"Size"/);
  refuse({ PageSize: '0' });
  assert.deepEqual(read({ Size: '' }), {});
});

test('booleans are true or false in any case', () => {
  for (const DryRun of ['TRUE', 'true', 'True'])
    assert.deepEqual(read({ DryRun }), { DryRun: true });
  for (const DryRun of ['FALSE', 'false']) assert.deepEqual(read({ DryRun }), { DryRun: false });
  for (const DryRun of ['1', 'yes', 'true ', 'TRUE\n', 'on']) refuse({ DryRun });
});

test('strings: length in code points, pattern, list of values, own code', () => {
  for (const Family of ['ab', '中文', '𠮷𠮷𠮷𠮷', 'a:1']) {
    assert.deepEqual(read({ Family }), { Family });
  }
  for (const Family of ['a', 'abcde', '𠮷', '1a', 'a'.repeat(65_536), '😀a']) refuse({ Family });
  for (const Status of ['available', 'Available ', 'x']) refuse({ Status });
  fails(() => run({ ImageId: '\u0007' }), 'InvalidRegionId.NotFound');
});

test('controls, bidi overrides and halves of characters are refused, nothing is folded', () => {
  const bad = ['\0', '\u001b[2J', '\r', '\u007f', '\u009b', '\u202e', '\u2066', '\ufffe', '\ud800'];
  for (const char of bad) refuse({ 'Tag.1.Key': `a${char}b` }, /Tag\.1\.Key/);
  for (const Key of ['a\n\tb', 'e\u0301', '\u00e9', 'İ', '\u200b', 'ＡＢ', '😀']) {
    assert.deepEqual(read({ 'Tag.1.Key': Key }), { Tag: [{ Key }] });
  }
});

test('lists are packed in numeric order, sub-keys match in any case', () => {
  assert.deepEqual(
    read({ 'Tag.10.key': 'c', 'Tag.2.Key': 'b', 'Tag.2.value': '1', 'Tag.9.Key': '' }),
    { Tag: [{ Key: 'b', Value: '1' }, { Key: 'c' }] },
  );
  assert.deepEqual(read({ 'ResourceId.999': 'z', 'ResourceId.1': 'a' }), {
    ResourceId: ['a', 'z'],
  });
  assert.deepEqual(
    read({
      'TagFilter.1.TagKey': 'k',
      'TagFilter.1.TagValues.2': 'b',
      'TagFilter.1.TagValues.1': 'a',
    }),
    { TagFilter: [{ TagKey: 'k', TagValues: ['a', 'b'] }] },
  );
  assert.deepEqual(read({ 'Features.imdssupport': 'v2' }), { Features: { ImdsSupport: 'v2' } });
});

test('indices have one spelling and never size anything', () => {
  for (const index of ['0', '01', '-1', '1e3', '999999999', '1000', '', ' 1', '１', 'x']) {
    refuse({ [`Tag.${index}.Key`]: 'a' });
    refuse({ [`ResourceId.${index}`]: '' });
  }
  refuse({ 'Tag.': 'a' });
});

test('one name is either a value or a list', () => {
  refuse({ ImageId: 'm', 'ImageId.1': 'm' });
  refuse({ 'ImageId.1': 'm' });
  refuse({ Tag: '', 'Tag.1.Key': 'a' });
  refuse({ 'Tag.1.Key': 'a', Tag: '[]' });
  refuse({ 'Tag.1': '{}', 'Tag.1.Key': 'a' });
  refuse({ 'Tag.1.Key': 'a', 'Tag.1.key': 'a' });
  refuse({ 'Tag.1.Key': 'a', 'Tag.01.Key': 'a' });
  refuse({ 'Tag.1.Key.1': 'a' });
});

test('too many entries', () => {
  const ids = (count: number): Pairs =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`ResourceId.${i + 1}`, 'm']));
  assert.deepEqual(read(ids(3)), { ResourceId: ['m', 'm', 'm'] });
  fails(() => run(ids(4)), 'DryRunOperation');
  fails(() => run({ ResourceId: '["a","b","c","d"]' }), 'DryRunOperation');
  refuse(Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, 'k'])));
});

test('JSON text for a whole struct or list', () => {
  assert.deepEqual(read({ Features: '{"ImdsSupport":"v2","nvmesupport":true}' }), {
    Features: { ImdsSupport: 'v2', NvmeSupport: true },
  });
  assert.deepEqual(read({ Tag: '[{"Key":"a","Value":null},{"key":"b","Value":1e3}]' }), {
    Tag: [{ Key: 'a' }, { Key: 'b', Value: '1e3' }],
  });
  assert.deepEqual(read({ 'TagFilter.1': '{"TagKey":"k","TagValues":["a","b"]}' }), {
    TagFilter: [{ TagKey: 'k', TagValues: ['a', 'b'] }],
  });
  assert.deepEqual(read({ Features: '{}', Tag: '[]' }), {});
  assert.deepEqual(run({ Features: '{"Other":1,"Im ds":{"x":2},"__proto__":3}' }).unknown, [
    'Features.(member)',
    'Features.(member)',
    'Features.Other',
  ]);
});

test('JSON text that does not fit or could hurt', () => {
  for (const Tag of ['{}', '1', 'a', '[', '[{"Key":"a","Key":"b"}]', '[{"Key":"a","key":"b"}]']) {
    refuse({ Tag });
  }
  for (const Features of ['[]', 'v2', '"v2"', 'null', '{"ImdsSupport":{"a":1}}'])
    refuse({ Features });
  refuse({ Tag: `${'['.repeat(30_000)}${']'.repeat(30_000)}` });
  refuse({ Tag: `[${'{},'.repeat(1000)}{}]` });
  refuse({ Tag: `[{"Key":"${'a'.repeat(65_536)}"}]` });
});

test('unknown names are told, harmless ones and hostile ones alike', () => {
  const hostile = ['constructor', 'toString', 'hasOwnProperty.x', 'prototype', '__proto__'];
  const pairs = new Map([
    ['RegionId', 'r'],
    ...hostile.map((name): [string, string] => [name, 'x']),
  ]);
  pairs.set('Tag.1.__proto__.x', 'x').set('Tag.1.constructor', 'x').set('Tag.1.Key', 'k');
  const { value, unknown } = decode(schema, pairs);
  assert.deepEqual(unknown, [...hostile, 'Tag.1.__proto__.x', 'Tag.1.constructor']);
  assert.deepEqual(value.Tag, [{ Key: 'k' }]);
  assert.deepEqual(Object.keys(value), ['RegionId', 'PageSize', 'Tag', 'Labels']);
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
});

test('an alias stands in for its name', () => {
  assert.deepEqual(read({ Image: 'm-2' }), { ImageId: 'm-2' });
  assert.deepEqual(read({ Image: 'm-2', ImageId: '' }), { ImageId: 'm-2' });
  assert.deepEqual(read({ Image: 'm-2', ImageId: 'm-1' }), { ImageId: 'm-1' });
});

test('an empty text is a value where the schema says so, and absent elsewhere', () => {
  const clearing = s.object({
    Note: s.string({ minLength: 2, pattern: '^[a-z]+$', emptyClears: true }),
    Comment: s.optional(s.string({ emptyClears: true })),
    Name: s.optional(text()),
  });
  const value = (pairs: Pairs) => decode(clearing, new Map(Object.entries(pairs))).value;
  assert.deepEqual(value({ Note: '', Comment: '', Name: '' }), { Note: '', Comment: '' });
  assert.deepEqual(value({ Note: 'ab' }), { Note: 'ab' });
  fails(() => value({ Comment: '' }), 'MissingParameter');
  fails(() => value({ Note: 'A' }), 'InvalidParameter');
});

test('a schema with a fault is a bug, not an answer', () => {
  const unknownCode = s.object({ A: s.string({ invalid: 'NoSuchCode' }) });
  assert.throws(() => decode(unknownCode, new Map()), /unknown error code: NoSuchCode/);
  const twice = s.object({ A: s.string({ aliases: ['B'] }), B: s.string() });
  assert.throws(() => decode(twice, new Map()), /the name B twice/);
});

test('a thousand parameters with hostile indices are decoded quickly', () => {
  const pairs = new Map([['RegionId', 'r']]);
  for (let i = 1; i < 1000; i++) pairs.set(`Tag.${i}.Key`, 'k');
  const start = performance.now();
  for (let i = 0; i < 20; i++) fails(() => decode(schema, pairs), 'InvalidParameter');
  assert.ok((performance.now() - start) / 20 < 50);
});

const entry = fc.record(
  { Key: fc.stringMatching(/^[a-z中]{1,9}$/), Value: fc.stringMatching(/^[a-z ]{1,9}$/) },
  { requiredKeys: ['Key'], noNullPrototype: true },
);

test('property: a flattened list and its JSON text decode alike, in any order', () => {
  const tags = fc.array(entry, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(tags, fc.integer({ min: 1, max: 49 }), (Tag, step) => {
      const pairs = Tag.flatMap((tag, i) =>
        Object.entries(tag).map(([name, value]) => [`Tag.${(i + 1) * step}.${name}`, value]),
      );
      assert.deepEqual(read(Object.fromEntries(pairs.toReversed())), { Tag });
      assert.deepEqual(read({ Tag: JSON.stringify(Tag) }), { Tag });
    }),
    { seed },
  );
});

test('property: no parameters make the decoder throw anything but an ApiError', () => {
  const names = [
    'Tag',
    'RegionId',
    'Features',
    'ResourceId',
    '1',
    '2',
    '01',
    'Key',
    '__proto__',
    '',
  ];
  const name = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 });
  const value = fc.oneof(fc.string(), fc.json(), fc.constantFrom('', '[]', '{}', '[1]'));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (sent) => {
      const pairs = new Map(sent.map(([path, content]) => [path.join('.'), content]));
      try {
        decode(schema, pairs);
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'ApiError', String(error));
      }
    }),
    { seed },
  );
});
