import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameText } from './compare.ts';
import { percentEncode, percentEncodeTwice } from './encode.ts';
import { seed } from './test-requests.ts';

test('only the unreserved characters stay', () => {
  assert.equal(percentEncode('azAZ09-_.~'), 'azAZ09-_.~');
  assert.equal(percentEncode(" *!'()/:+&=%"), '%20%2A%21%27%28%29%2F%3A%2B%26%3D%25');
  assert.equal(percentEncode('中\n😀'), '%E4%B8%AD%0A%F0%9F%98%80');
  assert.equal(percentEncode('\ud800'), '%EF%BF%BD');
});

test('property: every byte is itself or %XX, and decoding gives the text back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const encoded = percentEncode(text);
      assert.match(encoded, /^(?:[A-Za-z0-9\-_.~]|%[0-9A-F]{2})*$/);
      assert.equal(decodeURIComponent(encoded), text);
    }),
    { seed },
  );
});

test('texts of any length compare without throwing', () => {
  assert.equal(sameText('abc', 'abc'), true);
  assert.equal(sameText('', ''), true);
  for (const other of ['', 'ab', 'abcd', 'abC', 'ab\u0063\0', 'é']) {
    assert.equal(sameText('abc', other), false);
  }
});

test('property: encoding twice at once is encoding twice, short and long', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, fc.constantFrom(1, 40), (part, times) => {
      const whole = part.repeat(times);
      assert.equal(percentEncodeTwice(whole), percentEncode(percentEncode(whole)));
    }),
  );
  for (const odd of ['\ud800', '%', "!'()*", '-_.~', '\u0000', '\u007f', 'é', '🚀'])
    for (const times of [1, 511, 512, 1_000])
      assert.equal(
        percentEncodeTwice(odd.repeat(times)),
        percentEncode(percentEncode(odd.repeat(times))),
      );
});
