// The vectors were made by oss2's own checksum (crcmod), as its clients compute it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Crc64 } from './crc64.ts';

const VECTORS: readonly [Uint8Array, bigint][] = [
  [Buffer.alloc(0), 0n],
  [Buffer.alloc(1), 2282658103124508505n],
  [Buffer.from('a'), 3675645893302102789n],
  [Buffer.from('123456789'), 11051210869376104954n],
  [Buffer.from('hello world'), 5981764153023615706n],
  [Buffer.from(Array.from({ length: 256 }, (_, i) => i)), 8232944260754389680n],
  [Buffer.from(Array.from({ length: 100_003 }, (_, i) => i * 7 + 3)), 17834570868603270891n],
  [Buffer.alloc(65_536), 2787457458783610206n],
  [Buffer.alloc(1_001, 0xff), 1499963740214941793n],
];

test('the checksum is the one that clients of OSS compute', () => {
  for (const [bytes, expected] of VECTORS)
    assert.equal(new Crc64().update(bytes).digest(), expected, `${bytes.length} bytes`);
});

test('it does not matter how the bytes come', () => {
  for (const [bytes, expected] of VECTORS)
    for (const step of [1, 3, 8, 13, 4096]) {
      const crc = new Crc64();
      for (let at = 0; at < bytes.length; at += step) crc.update(bytes.subarray(at, at + step));
      assert.equal(crc.digest(), expected, `${bytes.length} bytes, ${step} at once`);
    }
});
