import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { authorityText, hostKind, isLoopback, isMetadata, parseAuthority } from './cloud-host.ts';

const kindOf = (text: string) => hostKind(parseAuthority(text, 443)?.host ?? 'unreadable');

test('the hosts at which the SDKs call our products are served', () => {
  const require = createRequire(import.meta.url);
  const seen = new Set<string>();
  for (const sdk of ['ecs20140526', 'sts20150401', 'ram20150501']) {
    const source = readFileSync(require.resolve(`@alicloud/${sdk}`), 'utf8');
    for (const [, host = ''] of source.matchAll(/: "([a-z0-9.-]+\.aliyuncs\.com)"/g))
      seen.add(host);
  }
  assert.ok(seen.size >= 5, `only ${[...seen].join(' ')} were found`);
  for (const host of seen) assert.equal(hostKind(host), 'served', host);
});

test('every form of our products and of buckets is served', () => {
  for (const host of `ecs.aliyuncs.com ecs.cn-beijing.aliyuncs.com ecs-cn-hangzhou.aliyuncs.com
      ecs-vpc.cn-beijing.aliyuncs.com ecs.vpc-proxy.aliyuncs.com ecs.rus-west-1.aliyuncs.com ecs.lab.aliyuncs.com
      vpc.ap-southeast-1.aliyuncs.com sts.aliyuncs.com sts-vpc.cn-hangzhou.aliyuncs.com ram.aliyuncs.com
      location.aliyuncs.com location-readonly.aliyuncs.com location-inner.aliyuncs.com
      resourcemanager.aliyuncs.com kindred.aliyuncs.com oss-cn-hangzhou.aliyuncs.com
      oss-cn-hangzhou-internal.aliyuncs.com images.oss-cn-hangzhou.aliyuncs.com
      images.oss-accelerate.aliyuncs.com images.oss.aliyuncs.com`.split(/\s+/))
    assert.equal(kindOf(host), 'served', host);
});

test('whatever else is the cloud’s is refused, in any spelling', () => {
  for (const host of `rds.aliyuncs.com business.aliyuncs.com ecs-workbench.cn-hangzhou.aliyuncs.com
      vpcpeer.aliyuncs.com ecsx.aliyuncs.com a.ecs.aliyuncs.com.aliyuncs.com aliyuncs.com oauth.aliyun.com
      signin.alibabacloud.com s3.oss-cn-hangzhou.aliyuncs.com a.b.oss-cn-hangzhou.aliyuncs.com
      project.cn-hangzhou.log.aliyuncs.com RDS.AliyunCS.com rds.aliyuncs.com. rds%2ealiyuncs.com
      rds。aliyuncs。com 100.100.100.200 1684301000 0x64.0x64.0x64.0xc8 100.100.25800
      [::ffff:100.100.100.200] [::ffff:6464:64c8]`.split(/\s+/))
    assert.equal(kindOf(host), 'refused', host);
});

test('what is not the cloud’s is somebody else’s', () => {
  for (const host of `example.com notaliyuncs.com aliyuncs.com.example.org registry.example 127.0.0.1
      100.100.100.201 [::1] localhost`.split(/\s+/))
    assert.equal(kindOf(host), 'other', host);
});

test('an authority is read as it will be connected to', () => {
  assert.deepEqual(parseAuthority('EXAMPLE.com:8443', 443), { host: 'example.com', port: 8443 });
  assert.deepEqual(parseAuthority('example.com:80', 443), { host: 'example.com', port: 80 });
  assert.deepEqual(parseAuthority('[::1]', 443), { host: '::1', port: 443 });
  assert.equal(authorityText({ host: '::1', port: 443 }), '[::1]:443');
  for (const text of ['', 'a b', 'user@host:1', 'host:99999', 'host/path', '[::1', ':443', '.'])
    assert.equal(parseAuthority(text, 443), undefined, text);
});

test('this machine is known by its names and addresses', () => {
  for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1'])
    assert.ok(isLoopback(host), host);
  for (const host of ['127.example.com', '128.0.0.1', 'notlocalhost', '::2'])
    assert.ok(!isLoopback(host), host);
});

test('the metadata address is known in both families', () => {
  assert.ok(isMetadata('100.100.100.200') && isMetadata('::ffff:100.100.100.200'));
  assert.ok(!isMetadata('100.100.100.20') && !isMetadata(undefined));
});
