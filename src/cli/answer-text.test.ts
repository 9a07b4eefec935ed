import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../client/data.ts';
import type { FieldData, OperationData } from '../client/operation-data.ts';
import { answerText } from './answer-text.ts';
import { nearest } from '../lib/nearest.ts';
import { displayWidth, renderTable } from './table.ts';

const field = (name: string, type: FieldData['type'] = 'string'): FieldData => ({ name, type });
const images: OperationData = {
  ...operations.DescribeImages!,
  output: [
    field('TotalCount', 'integer'),
    {
      ...field('Images', 'struct'),
      fields: [
        {
          ...field('Image', 'list'),
          items: {
            type: 'struct',
            fields: [
              ...['SnapshotId', 'Description', 'OSName', 'Status', 'ImageFamily'].map((name) =>
                field(name),
              ),
              field('Size', 'integer'),
              ...['ImageName', 'ImageId'].map((name) => field(name)),
              { ...field('Tags', 'struct'), fields: [] },
            ],
          },
        },
      ],
    },
  ],
};
const image = (imageId: string, more: object = {}) => ({
  ImageId: imageId,
  ImageName: 'web-1',
  OSName: '杭州',
  Status: 'Available',
  Size: 40,
  Tags: { Tag: [{ TagKey: 'env', TagValue: 'prod' }] },
  ...more,
});
const answer = {
  RequestId: 'R-1',
  TotalCount: 1,
  Images: { Image: [image('m-1', { ImageFamily: '' }), image('m-22', { Description: 'a\tb' })] },
};

test('a table: the own id first, empty columns left out, the rest beside it below', () => {
  assert.equal(
    answerText(images, answer, 'table', 60),
    `ImageId  ImageName  Status     Size  Description  OSName
m-1      web-1      Available  40                 杭州
m-22     web-1      Available  40    a?b          杭州

TotalCount 1
`,
  );
});

test('columns that find no room are counted, the first is always there', () => {
  const text = answerText(images, answer, 'table', 20);
  assert.match(text, /^ImageId {2}ImageName\n/);
  assert.match(text, /\(4 more columns with --output json\)\n$/);
  assert.equal(renderTable(['Long'], [['x'.repeat(50)]], 10).text, `Long\n${'x'.repeat(50)}\n`);
});

test('an empty list, an empty struct, nothing at all', () => {
  const none = { RequestId: 'R', TotalCount: 0, Images: { Image: [] } };
  assert.equal(answerText(images, none, 'table', 80), '(none)\n\nTotalCount 0\n');
  const family = operations.DescribeImageFromFamily!;
  assert.equal(answerText(family, { RequestId: 'R', Image: {} }, 'table', 80), 'Image  (none)\n');
  assert.equal(answerText(operations.DeleteImage!, { RequestId: 'R' }, 'table', 80), 'Done.\n');
});

test('text is one line a value with its path; json is the answer', () => {
  const text = answerText(images, answer, 'text', 80);
  assert.match(text, /^RequestId\tR-1\n/);
  assert.match(text, /\nImages\.Image\.2\.Tags\.Tag\.1\.TagKey\tenv\n/);
  assert.match(text, /\nImages\.Image\.2\.Description\ta b\n/);
  assert.deepEqual(JSON.parse(answerText(images, answer, 'json', 80)), answer);
});

test('what could steer a terminal is not printed', () => {
  const evil = { Images: { Image: [image('m-1', { ImageName: '\u001b[31mred\u202e' })] } };
  const text = answerText(images, evil, 'table', 80);
  assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
});

test('Chinese letters take two columns', () => {
  assert.equal(displayWidth('a杭州'), 5);
});

test('the nearest word, or none', () => {
  const known = ['describe-images', 'describe-regions', 'fsck'];
  assert.equal(nearest('describe-imges', known), 'describe-images');
  assert.equal(nearest('describe-i', known), 'describe-images');
  assert.equal(nearest('fskc', known), 'fsck');
  assert.equal(nearest('banana', known), undefined);
});
