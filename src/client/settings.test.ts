import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSettings, SettingsError, type Environment, type SettingsFlags } from './settings.ts';

const pair = (name: string) => ({ accessKeyId: `id-${name}`, accessKeySecret: `secret-${name}` });
const profile = (name: string, more: object = {}) => ({
  name,
  mode: 'AK',
  access_key_id: `id-${name}`,
  access_key_secret: `secret-${name}`,
  region_id: `region-${name}`,
  ...more,
});
const environmentKey = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id-env',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-env',
};

/** A home with profiles, and a data directory with a root key. */
const place = (t: TestContext, config?: object) => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const data = join(home, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'root-key.json'), JSON.stringify(pair('root')));
  mkdirSync(join(home, '.aliyun'));
  if (config) writeFileSync(join(home, '.aliyun/config.json'), JSON.stringify(config));
  const read = (flags: SettingsFlags = {}, environment: Environment = {}) =>
    readSettings(flags, environment, home);
  return { data, read };
};

test('nothing set: the default endpoint, no key', (t) => {
  const { endpoint, endpointFrom, key, regionId } = place(t).read();
  assert.deepEqual(
    { endpoint, endpointFrom, key, regionId },
    {
      endpoint: 'http://127.0.0.1:5260',
      endpointFrom: 'the default',
      key: undefined,
      regionId: undefined,
    },
  );
});

test('the current profile counts when it has an endpoint', (t) => {
  const profiles = [profile('cloud'), profile('ours', { endpoint: '127.0.0.1:7000' })];
  const cloud = place(t, { current: 'cloud', profiles }).read();
  assert.deepEqual([cloud.endpoint, cloud.key], ['http://127.0.0.1:5260', undefined]);
  const ours = place(t, { current: 'ours', profiles }).read();
  assert.deepEqual(
    [ours.endpoint, ours.key, ours.keyFrom, ours.regionId],
    ['http://127.0.0.1:7000', pair('ours'), 'the profile ours', 'region-ours'],
  );
});

test('variables win over the current profile, flags over variables', (t) => {
  const profiles = [profile('ours', { endpoint: '127.0.0.1:7000' }), profile('cloud')];
  const { read } = place(t, { current: 'ours', profiles });
  const environment = {
    ...environmentKey,
    ALIBABA_CLOUD_ENDPOINT: 'images.example.com',
    ALIBABA_CLOUD_REGION_ID: 'region-env',
  };
  const fromVariables = read({}, environment);
  assert.deepEqual(
    [fromVariables.endpoint, fromVariables.key, fromVariables.regionId],
    ['https://images.example.com', pair('env'), 'region-env'],
  );
  assert.deepEqual(read({ profile: 'cloud' }, environment).key, pair('cloud'));
  assert.deepEqual(read({}, { ALIBABA_CLOUD_PROFILE: 'cloud' }).key, pair('cloud'));
  const flagged = read({ endpoint: 'http://localhost:9/path' }, environment);
  assert.deepEqual([flagged.endpoint, flagged.endpointFrom], ['http://localhost:9', '--endpoint']);
});

test('the root key of a data directory comes last, or before the profile when --data names it', (t) => {
  const { data, read } = place(t, {
    current: 'ours',
    profiles: [profile('ours', { endpoint: '127.0.0.1:7000' })],
  });
  assert.deepEqual(read({}, { KINDRED_DATA: data }).key, pair('ours'));
  assert.deepEqual(read({ data }).key, pair('root'));
  assert.deepEqual(read({ data }, environmentKey).key, pair('env'));
  const empty = place(t);
  assert.deepEqual(empty.read({}, { KINDRED_DATA: empty.data }).key, pair('root'));
});

test('a client in the place of a server finds it where it listens', (t) => {
  const { read } = place(t);
  assert.equal(read({}, { KINDRED_LISTEN: '0.0.0.0:8080' }).endpoint, 'http://127.0.0.1:8080');
  const tls = { KINDRED_LISTEN: '127.0.0.1:8443', KINDRED_TLS_CERT: 'cert.pem' };
  assert.equal(read({}, tls).endpoint, 'https://127.0.0.1:8443');
});

test('what cannot be meant is refused with a sentence', (t) => {
  const { read } = place(t, { current: 'x', profiles: [profile('role', { mode: 'RamRoleArn' })] });
  const refused = (flags: SettingsFlags, environment: Environment, message: RegExp) =>
    assert.throws(
      () => read(flags, environment),
      (error) => {
        assert.ok(error instanceof SettingsError);
        assert.match(error.message, message);
        return true;
      },
    );
  refused({ profile: 'nobody' }, {}, /there is no profile nobody/);
  refused({ profile: 'role' }, {}, /the profile role has no AccessKey pair/);
  refused({}, { ALIBABA_CLOUD_ACCESS_KEY_ID: 'x' }, /go together/);
  refused({ endpoint: 'http://' }, {}, /is no endpoint/);
});
