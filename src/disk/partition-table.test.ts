import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { isPartitionTableOdd } from './partition-table.ts';

const SIZE_BYTES = 2 ** 20;

type Entry = readonly [flag: number, type: number, firstSector: number, sectors: number];

function mbr(...entries: Entry[]): Buffer {
  const head = Buffer.alloc(4096);
  entries.forEach(([flag, type, firstSector, sectors], i) => {
    head.writeUInt8(flag, 446 + i * 16);
    head.writeUInt8(type, 450 + i * 16);
    head.writeUInt32LE(firstSector, 454 + i * 16);
    head.writeUInt32LE(sectors, 458 + i * 16);
  });
  head.writeUInt16BE(0x55aa, 510);
  return head;
}

function gpt(head: Buffer): Buffer {
  head.write('EFI PART', 512);
  head.writeUInt32LE(92, 524);
  head.writeUInt32LE(crc32(head.subarray(512, 604)), 528);
  return head;
}

const isOdd = (head: Uint8Array) => isPartitionTableOdd(head, SIZE_BYTES);

test('common disks have nothing odd', () => {
  assert.equal(isOdd(Buffer.alloc(4096)), false);
  assert.equal(isOdd(Buffer.alloc(10)), false);
  assert.equal(isOdd(mbr()), false);
  assert.equal(isOdd(mbr([0x80, 0x83, 1, 1000], [0, 0x82, 1001, 1047])), false);
  assert.equal(isOdd(mbr([0, 0x82, 1001, 1047], [0x80, 0x83, 1, 1000])), false);
  assert.equal(isOdd(gpt(mbr([0, 0xee, 1, 0xffff_ffff]))), false);
  const fat = mbr([0x20, 0x65, 1, 1]);
  fat.write('\xeb\x3c\x90mkfs.fat', 'latin1');
  fat.write('FAT16   ', 54);
  assert.equal(isOdd(fat), false);
});

test('flags, ranges and checksums that make no sense are odd', () => {
  assert.equal(isOdd(mbr([0x81, 0x83, 1, 1000])), true);
  assert.equal(isOdd(mbr([0x80, 0x83, 0, 1000])), true);
  assert.equal(isOdd(mbr([0x80, 0x83, 1, 2048])), true);
  assert.equal(isOdd(mbr([0x80, 0x83, 1, 1000], [0, 0x83, 900, 100])), true);
  assert.equal(isOdd(mbr([0, 0xee, 1, 0xffff_ffff])), true);
  assert.equal(isOdd(gpt(mbr([0, 0x83, 1, 100]))), true);
  const damaged = gpt(mbr([0, 0xee, 1, 0xffff_ffff]));
  damaged.writeUInt8(1, 570);
  assert.equal(isOdd(damaged), true);
  const withPartition = (lastSector: number): Buffer => {
    const head = mbr([0, 0xee, 1, 0xffff_ffff]);
    head.writeBigUInt64LE(2n, 512 + 72);
    head.writeUInt32LE(4, 512 + 80);
    head.writeUInt32LE(128, 512 + 84);
    head.fill(7, 1024 + 128, 1024 + 144);
    head.writeBigUInt64LE(BigInt(lastSector), 1024 + 128 + 40);
    head.writeUInt32LE(crc32(head.subarray(1024, 1024 + 512)), 512 + 88);
    return gpt(head);
  };
  assert.equal(isOdd(withPartition(2047)), false);
  assert.equal(isOdd(withPartition(2048)), true);
  const bare = gpt(mbr());
  bare.writeUInt16BE(0, 510);
  assert.equal(isOdd(bare), true);
});
