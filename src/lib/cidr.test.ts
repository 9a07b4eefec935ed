import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contains,
  ipv4Text,
  isIpv4Source,
  isIpv6Source,
  overlaps,
  parseIpv4,
  parseIpv4Block,
} from './cidr.ts';

const block = (text: string) => parseIpv4Block(text)!;

test('addresses are numbers, and back', () => {
  for (const [text, address] of [
    ['0.0.0.0', 0],
    ['10.0.0.1', 167_772_161],
    ['255.255.255.255', 2 ** 32 - 1],
  ] as const) {
    assert.equal(parseIpv4(text), address);
    assert.equal(ipv4Text(address), text);
  }
  for (const text of [
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.0.0',
    ' 10.0.0.1',
    '1e1.0.0.0',
  ])
    assert.equal(parseIpv4(text), undefined, text);
});

test('a block begins at its first address', () => {
  assert.deepEqual(parseIpv4Block('172.16.0.0/12'), {
    first: 2_886_729_728,
    prefix: 12,
    count: 1_048_576,
  });
  assert.deepEqual(parseIpv4Block('0.0.0.0/0'), { first: 0, prefix: 0, count: 2 ** 32 });
  assert.equal(parseIpv4Block('255.255.255.255/32')?.count, 1);
  for (const text of [
    '10.0.0.1/8',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '::/0',
  ])
    assert.equal(parseIpv4Block(text), undefined, text);
});

test('what contains and what overlaps what', () => {
  assert.ok(contains(block('10.0.0.0/8'), block('10.255.255.0/24')));
  assert.ok(contains(block('10.0.0.0/8'), block('10.0.0.0/8')));
  assert.ok(!contains(block('10.0.0.0/24'), block('10.0.0.0/8')));
  assert.ok(overlaps(block('10.0.0.0/24'), block('10.0.0.0/8')));
  assert.ok(overlaps(block('192.168.0.128/25'), block('192.168.0.0/24')));
  assert.ok(!overlaps(block('192.168.0.0/24'), block('192.168.1.0/24')));
  assert.ok(!overlaps(block('200.0.0.0/8'), block('100.0.0.0/8')));
});

test('what a firewall rule may name', () => {
  for (const text of ['10.0.0.1', '10.0.0.1/8', '0.0.0.0/0']) assert.ok(isIpv4Source(text), text);
  for (const text of ['', '10.0.0.1/33', '10/8', '::1', 'any'])
    assert.ok(!isIpv4Source(text), text);
  for (const text of ['::1', '2001:db8::/32', '::/0', '::ffff:10.0.0.1/128'])
    assert.ok(isIpv6Source(text), text);
  for (const text of ['', '::/129', '10.0.0.1', 'fe80::1%eth0', ':::'])
    assert.ok(!isIpv6Source(text), text);
});
