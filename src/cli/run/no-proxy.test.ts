import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNamed, noProxyFor } from './no-proxy.ts';

const LOOPBACK = 'localhost,127.0.0.1,::1';

test('names of the user stay, and none that leads past the proxy to the cloud', () => {
  const given = 'build.lab, .corp 10.0.0.0/8,192.168.1.1,127.0.0.1';
  assert.equal(noProxyFor(given, true), `${LOOPBACK},build.lab,.corp,10.0.0.0/8,192.168.1.1`);
  const cloud =
    '*,.aliyuncs.com,aliyuncs.com,*.aliyuncs.com,ecs.cn-hangzhou.aliyuncs.com,com,.com,aliyun.com:443,100.100.100.200,100.64.0.0/10,0.0.0.0/0,ALIYUNCS.COM,*com';
  assert.equal(noProxyFor(cloud, true), LOOPBACK);
  assert.equal(noProxyFor('build.lab', false), LOOPBACK);
  assert.equal(noProxyFor(undefined, true), LOOPBACK);
});

test('a host is named by itself, by a suffix, or by everything', () => {
  assert.ok(isNamed('a.lab', 'a.lab') && isNamed('.lab', 'a.lab') && isNamed('*.lab:80', 'a.lab'));
  assert.ok(isNamed('*', 'a.lab') && !isNamed('lab', 'alab') && !isNamed(undefined, 'a.lab'));
});
