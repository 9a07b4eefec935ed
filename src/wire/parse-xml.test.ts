import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from './parse-xml.ts';

test('elements and text are read', () => {
  const found = parseXml(
    '<?xml version="1.0"?>\n<Delete xmlns="x"><Quiet/><Object><Key>a&amp;b&#233;</Key></Object></Delete>\n',
  );
  assert.equal(found?.name, 'Delete');
  assert.equal(found?.children[1]?.children[0]?.text, 'a&b\u00e9');
});

test('what is not well formed, or more than is read here, is nothing', () => {
  const deep = '<a>'.repeat(20) + '</a>'.repeat(20);
  const many = `<a>${'<b/>'.repeat(70_000)}</a>`;
  const entity = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>';
  for (const text of [
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&x;</a>',
    '<a>&amp</a>',
    deep,
    many,
    entity,
  ])
    assert.equal(parseXml(text), undefined, text.slice(0, 40));
});
