import assert from 'node:assert/strict';
import { BlockList, isIPv4 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isInBlock, parseIpBlock } from './ip-address.ts';

const isIn = (address: string, block: string): boolean => {
  const [one, other] = [parseIpBlock(address), parseIpBlock(block)];
  assert.ok(one && other, `${address} ${block}`);
  return isInBlock(one, other);
};

test('blocks agree with the platform on random addresses', () => {
  const family = (text: string) => (isIPv4(text) ? 'ipv4' : 'ipv6');
  // Of the mapped ones the platform and this module have each their own idea.
  const address = fc
    .oneof(fc.ipV4(), fc.ipV6())
    .filter((text) => !/ffff:(\d|\w+:\w+$)/i.test(text));
  fc.assert(
    fc.property(address, address, fc.nat(128), (one, other, bits) => {
      const prefix = Math.min(bits, isIPv4(other) ? 32 : 128);
      const list = new BlockList();
      list.addSubnet(other, prefix, family(other));
      const expected = family(one) === family(other) && list.check(one, family(one));
      assert.equal(isIn(one, `${other}/${prefix}`), expected);
      assert.equal(isIn(other, `${other}/${prefix}`), true);
    }),
    { numRuns: 2_000 },
  );
});

test('an IPv4 address in the dress of IPv6 is the IPv4 address', () => {
  assert.equal(isIn('::ffff:10.1.2.3', '10.0.0.0/8'), true);
  assert.equal(isIn('::ffff:a01:203', '10.1.2.3'), true);
  assert.equal(isIn('10.1.2.3', '::ffff:10.0.0.0/104'), true);
  assert.equal(isIn('::10.1.2.3', '10.0.0.0/8'), false);
  assert.equal(isIn('10.1.2.3', '::/0'), false);
});

test('what is no address is none', () => {
  for (const text of ['', '10', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '010.0.0.1', '::/129'])
    assert.equal(parseIpBlock(text), undefined, text);
  for (const text of ['fe80::1%eth0', '1.2.3.4/8/8', '10.0.0.0/-1', 'x', '::g'])
    assert.equal(parseIpBlock(text), undefined, text);
});
