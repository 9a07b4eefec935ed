import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJson, faultText } from './check-json.ts';
import { boolean, choice, integer, list, object, optional, string } from './schema.ts';

const schema = object({
  Name: string({ maxLength: 4 }),
  Size: optional(integer({ minimum: 1, maximum: 9 })),
  Kind: optional(choice(['linux', 'windows'])),
  IsOld: optional(boolean()),
  Rows: optional(
    list(object({ Key: string({ pattern: '^k', description: 'It begins with k.' }) }), {
      maxItems: 2,
    }),
  ),
});

const CASES: readonly (readonly [value: unknown, text: string | undefined])[] = [
  [{ Name: 'a', Size: 1, Kind: 'linux', IsOld: false, Rows: [{ Key: 'k1' }] }, undefined],
  [[], 'expected an object, found a list.'],
  [null, 'expected an object, found null.'],
  [{}, 'Name: it is missing.'],
  [{ Name: 1 }, 'Name: expected a text, found a number.'],
  [{ Name: 'abcde' }, 'Name: at most 4 characters.'],
  [{ Nam: 'a' }, 'Nam: there is no such key. Did you mean Name?'],
  [
    { Name: 'a', Zzzzzz: 1 },
    'Zzzzzz: there is no such key. It knows Name, Size, Kind, IsOld, Rows.',
  ],
  [{ Name: 'a', 'a b': 1 }, '"a b": there is no such key. It knows Name, Size, Kind, IsOld, Rows.'],
  [{ Name: 'a', Size: 10 }, 'Size: expected a number from 1 to 9, found 10.'],
  [{ Name: 'a', Size: 1.5 }, 'Size: expected a whole number, found a number.'],
  [
    { Name: 'a', Kind: 'Linux' },
    'Kind: expected linux, windows, found "Linux". Did you mean linux?',
  ],
  [{ Name: 'a', IsOld: 'yes' }, 'IsOld: expected true or false, found a text.'],
  [{ Name: 'a', Rows: {} }, 'Rows: expected a list, found an object.'],
  [{ Name: 'a', Rows: [1, 2, 3] }, 'Rows: at most 2 entries, and it has 3.'],
  [
    { Name: 'a', Rows: [{ Key: 'k' }, { Key: 'x' }] },
    'Rows[1].Key: "x" does not fit. It begins with k.',
  ],
  [JSON.parse('{"__proto__":{}}'), '__proto__'],
];

test('the first fault is named with its place', () => {
  for (const [value, text] of CASES) {
    const fault = checkJson(schema, value);
    const said = fault && faultText(fault);
    if (text === '__proto__') assert.match(said ?? '', /^"__proto__": there is no such key/);
    else assert.equal(said, text, JSON.stringify(value));
  }
});
