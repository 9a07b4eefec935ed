import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hmac } from './hmac.ts';

const seed = Number(process.env.KINDRED_TEST_SEED ?? 20261124);

for (const name of ['sha1', 'sha256', 'sm3'] as const)
  test(`${name}: equals createHmac for any key and text (seed ${seed})`, () => {
    const key = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary' }));
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(key, text, (secret, message) => {
        const expected = createHmac(name, secret).update(message).digest('base64');
        // Twice: the second time with the remembered pads.
        assert.equal(hmac(name, secret, message, 'base64'), expected);
        assert.equal(hmac(name, secret, message, 'base64'), expected);
      }),
      { seed, numRuns: 500 },
    );
  });

test('keys around the length of a block', () => {
  for (const length of [0, 1, 63, 64, 65, 128])
    assert.equal(
      hmac('sha256', 'k'.repeat(length), 'text', 'hex'),
      createHmac('sha256', 'k'.repeat(length)).update('text').digest('hex'),
    );
});
