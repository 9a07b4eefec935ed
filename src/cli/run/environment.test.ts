import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentOf, profileText } from './environment.ts';

const around = {
  proxyPort: 4000,
  trust: {
    ca: '/r/ca',
    bundle: '/r/all',
    javaStore: '/r/p12',
    nodePreload: '/r/a"b',
    pythonPath: '/r/py',
  },
  key: { accessKeyId: 'throw-away', accessKeySecret: 'secret' },
  endpoint: 'http://127.0.0.1:5000',
  configFile: '/r/config.json',
  isOffline: false,
};

test('real keys, profiles and endpoints do not reach the command', () => {
  const secrets = `ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET ALIBABA_CLOUD_SECURITY_TOKEN
    ALIBABA_CLOUD_PROFILE ALIBABA_CLOUD_ENDPOINT ALIBABA_CLOUD_ENDPOINT_ECS ALIBABA_CLOUD_STS_ENDPOINT
    ALIBABA_CLOUD_ROLE_ARN ALIBABA_CLOUD_OIDC_TOKEN_FILE ALIBABA_CLOUD_CREDENTIALS_URI
    ALIBABA_CLOUD_CREDENTIALS_FILE ALIBABACLOUD_ACCESS_KEY_ID ALIBABACLOUD_SECURITY_TOKEN
    ALICLOUD_ACCESS_KEY ALICLOUD_SECRET_KEY ALICLOUD_SECURITY_TOKEN ALICLOUD_PROFILE ALICLOUD_ECS_ROLE_NAME
    ALIBABA_CLOUD_BEARER_TOKEN ALIYUN_ACCESS_KEY_SECRET ACCESS_KEY_ID ACCESS_KEY_SECRET SECURITY_TOKEN`;
  const given = Object.fromEntries(secrets.split(/\s+/).map((name) => [name, 'of-the-cloud']));
  const kept = {
    ALIBABA_CLOUD_ACCOUNT_TYPE: 'International',
    ALICLOUD_SKIP_REGION_VALIDATION: '1',
    PATH: '/b',
  };
  const env = environmentOf({ ...given, ...kept }, around);
  const leaked = Object.entries(env).filter(([, value]) => value === 'of-the-cloud');
  assert.deepEqual(leaked, []);
  for (const [name, value] of Object.entries(kept)) assert.equal(env[name], value);
  assert.equal(env.ALIBABA_CLOUD_ACCESS_KEY_ID, 'throw-away');
  assert.equal(env.ALICLOUD_SECRET_KEY, 'secret');
});

test('the proxy stands in both cases, and the region and options of the user stay', () => {
  const given = {
    ALICLOUD_REGION: 'eu-central-1',
    NODE_OPTIONS: '--max-old-space-size=99',
    PYTHONPATH: '/mine',
    JAVA_TOOL_OPTIONS: '-Xmx1g',
    no_proxy: 'build.lab,.corp',
    ALL_PROXY: 'socks5://away',
  };
  const env = environmentOf(given, around);
  for (const name of 'http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY'.split(' '))
    assert.equal(env[name], 'http://127.0.0.1:4000', name);
  assert.equal(env.NO_PROXY, 'localhost,127.0.0.1,::1,build.lab,.corp');
  assert.equal(env.no_proxy, env.NO_PROXY);
  assert.equal(env.ALIBABA_CLOUD_REGION_ID, 'eu-central-1');
  assert.equal(env.NODE_OPTIONS, String.raw`--max-old-space-size=99 --require "/r/a\"b"`);
  assert.equal(env.PYTHONPATH, '/r/py:/mine');
  assert.match(
    env.JAVA_TOOL_OPTIONS ?? '',
    /^-Xmx1g .*nonProxyHosts=localhost\|127\.0\.0\.1\|build\.lab\|\*\.corp /,
  );
});

test('the profile has the throw-away key', () => {
  const [profile] = JSON.parse(profileText(around.key, 'cn-hangzhou')).profiles;
  assert.deepEqual(
    [profile.mode, profile.access_key_id, profile.access_key_secret, profile.region_id],
    ['AK', 'throw-away', 'secret', 'cn-hangzhou'],
  );
});
