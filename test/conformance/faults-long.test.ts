// What unmodified clients do when a server with `--test-controls` breaks on request: how often they call again
// and how often the work is done then, as the server's own memory of calls shows it. Long, because the
// clients pause between their calls. What is asserted here is told in docs/guide/in-tests.md.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { after, describe, test } from 'node:test';
import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';
import type { FaultSpec } from '../../src/testing/start-kindred.ts';
import { aliyunFor, skipWithoutAliyun } from './aliyun-cli.ts';
import { helper, prepareImage } from './prepare.ts';
import { build, SETTINGS } from './packer.ts';
import { findPackerWithPlugin, PACKERS, skipOrFail } from './programs.ts';
import { recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const OPERATION = 'CreateSecurityGroup';
const DELAY_MS = 2_500;

/** `slow` first: the SDK keeps its read time-out on a new connection, and not on one that it used before. */
const FAULTS = {
  slow: { Kind: 'delay', Delay: DELAY_MS },
  throttled: { Kind: 'error', Code: 'Throttling.User', Times: 2 },
  asked: { Kind: 'error', Code: 'Throttling.User', RetryAfter: 300, Times: 2 },
  unavailable: { Kind: 'error', Code: 'ServiceUnavailable', Times: 2 },
  lost: { Kind: 'drop', When: 'after' },
  neverBegun: { Kind: 'drop', When: 'before' },
} as const satisfies Record<string, Omit<FaultSpec, 'Operation'>>;
type Fault = keyof typeof FAULTS;

/** Calls that came, whether the client told of success, and groups that were made. */
type Outcome = readonly [calls: number, isSuccess: boolean, effects: number];

interface Answers {
  Calls: { Action: string; Fault?: string }[];
}

// Never one that KINDRED_URL names: its controls are not ours to use.
delete process.env.KINDRED_URL;
const scope = { after: (fn: () => Promise<void>): void => after(fn) };
const setup = await conformance(scope, { args: ['--test-controls', '--log-level=error'] });
const { target } = setup;
const direct = helper(setup);

const control = async (method: string, path: string, body?: object): Promise<Answers> => {
  const response = await fetch(`${target.url}/_test/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  assert.ok(response.ok, text);
  return text === '' ? { Calls: [] } : (JSON.parse(text) as Answers);
};

/** With this fault waiting and no call remembered. */
const expecting = async (fault: FaultSpec): Promise<void> => {
  await control('DELETE', 'faults');
  await control('DELETE', 'calls');
  await control('POST', 'faults', fault);
};

const callsOf = async (action: string): Promise<number> =>
  (await control('GET', 'calls')).Calls.filter(({ Action }) => Action === action).length;

type Create = (name: string, token: string) => Promise<unknown>;

const outcomeOf = async (fault: Fault, create: Create): Promise<Outcome> => {
  const name = `g-${randomUUID()}`;
  await expecting({ Operation: OPERATION, ...FAULTS[fault] });
  const isSuccess = await create(name, randomUUID()).then(
    () => true,
    () => false,
  );
  const calls = await callsOf(OPERATION);
  const { SecurityGroups } = await direct('DescribeSecurityGroups', {
    RegionId: REGION,
    SecurityGroupName: name,
  });
  return [calls, isSuccess, SecurityGroups.SecurityGroup.length];
};

const compare = (
  create: Create,
  expected: Readonly<Record<Fault, Outcome>>,
  skip: string | false = false,
): void => {
  for (const [fault, outcome] of Object.entries(expected) as [Fault, Outcome][])
    test(fault, { skip, timeout: 60_000 }, async () => {
      assert.deepEqual(await outcomeOf(fault, create), outcome);
    });
};

/** No second call, and the work done where the fault came after it. */
const GIVES_UP = {
  slow: [1, false, 1],
  throttled: [1, false, 0],
  asked: [1, false, 0],
  unavailable: [1, false, 0],
  lost: [1, false, 1],
  neverBegun: [1, false, 0],
} as const satisfies Record<Fault, Outcome>;

const sdk = (more: object, runtime: object): Create => {
  const client = new ecs.default(
    new core.$OpenApiUtil.Config({
      accessKeyId: target.accessKeyId,
      accessKeySecret: target.accessKeySecret,
      regionId: REGION,
      endpoint: `${target.host}:${target.port}`,
      protocol: 'http',
      ...more,
    }),
  );
  type Runtime = Parameters<typeof client.createSecurityGroupWithOptions>[1];
  return (securityGroupName, clientToken) =>
    client.createSecurityGroupWithOptions(
      new ecs.CreateSecurityGroupRequest({ regionId: REGION, securityGroupName, clientToken }),
      // The SDK reads these fields of it, and no methods.
      { readTimeout: 1_000, ...runtime } as unknown as Runtime,
    );
};

/** As the SDK's configuration takes it; `autoretry` of the older SDKs has no effect in this one. */
const RETRY_OPTIONS = {
  retryable: true,
  noRetryCondition: [],
  retryCondition: [
    {
      maxAttempts: 3,
      maxDelay: 5_000,
      exception: ['ThrottlingError', 'RequestTimeoutError'],
      errorCode: ['ServiceUnavailable', 'ECONNRESET'],
    },
  ],
};

const RECOVERS = {
  slow: [2, true, 1],
  throttled: [3, true, 1],
  asked: [3, true, 1],
  unavailable: [3, true, 1],
  lost: [2, true, 1],
  neverBegun: [2, true, 1],
} as const satisfies Record<Fault, Outcome>;

describe('the SDK with autoretry and maxAttempts', () => {
  const create = sdk({}, { autoretry: true, maxAttempts: 3 });
  compare(create, GIVES_UP);
  test('its read time-out on a connection that was used', { timeout: 60_000 }, async () => {
    await create(`g-${randomUUID()}`, randomUUID());
    assert.deepEqual(await outcomeOf('slow', create), [1, true, 1]);
  });
});
describe('the SDK with retryOptions', () =>
  compare(sdk({ retryOptions: RETRY_OPTIONS }, {}), RECOVERS));

const NAME = 'the aliyun CLI and faults';
const skip = skipWithoutAliyun(NAME);
const runAliyun = aliyunFor({ after: (fn) => after(fn) }, target, target);
const cli =
  (...more: string[]): Create =>
  (SecurityGroupName, ClientToken) =>
    runAliyun('ecs', OPERATION, { RegionId: REGION, SecurityGroupName, ClientToken }, [
      '--read-timeout=1',
      ...more,
    ]);

describe(NAME, { skip }, () => {
  describe('as it is', () => compare(cli(), { ...GIVES_UP, asked: [3, true, 1] }));
  describe('with --retry-count 3', () =>
    compare(cli('--retry-count=3'), { ...RECOVERS, throttled: GIVES_UP.throttled }));

  test('it tries three times more when the server says when', { timeout: 60_000 }, async () => {
    await expecting({ Operation: OPERATION, ...FAULTS.asked, Times: 9 });
    await assert.rejects(cli()('never', randomUUID()), /Throttling\.User/);
    assert.equal(await callsOf(OPERATION), 4);
  });

  test('its waiter sees a copy fail', { timeout: 60_000 }, async () => {
    const { imageId } = await prepareImage(setup, `faults-${randomUUID().slice(0, 6)}`);
    await expecting({ Operation: 'CopyImage', Kind: 'fail-task', Progress: 37 });
    const DestinationRegionId = 'cn-beijing';
    const input = { RegionId: REGION, ImageId: imageId, DestinationRegionId };
    const { ImageId } = await runAliyun('ecs', 'CopyImage', input);
    const Status = 'Creating,Waiting,Available,CreateFailed';
    const waiter = (to: string) => [
      '--waiter',
      'expr=Images.Image[0].Status',
      `to=${to}`,
      'interval=2',
      'timeout=10',
    ];
    const look = (to: string) =>
      runAliyun(
        'ecs',
        'DescribeImages',
        { RegionId: DestinationRegionId, ImageId, Status },
        waiter(to),
      );
    const { Images } = await look('CreateFailed');
    assert.deepEqual([Images.Image[0].Status, Images.Image[0].Progress], ['CreateFailed', '37%']);
    await assert.rejects(look('Available'), /wait '/);
  });
});

const PACKER = 'Packer and faults';
const packer = findPackerWithPlugin();
const skipPacker =
  packer === undefined &&
  skipOrFail(PACKER, 'no Packer of these modules: run test/conformance/setup-packer.sh');
if (skipPacker !== false) recordSkip(PACKERS.plugin, skipPacker);

describe(PACKER, { skip: skipPacker }, () => {
  const ASKS = 'DescribeImageFromFamily';
  for (const [what, fault, message] of [
    ['an error', FAULTS.asked, /Throttling\.User/],
    ['a lost answer', FAULTS.lost, /EOF|connection reset/],
    ['a late answer', { Kind: 'delay', Delay: 12_000 }, /timeout|Timeout|deadline/],
  ] as const)
    test(`${what} ends the build at once`, { timeout: 90_000 }, async (t) => {
      const family = `faults-${randomUUID().slice(0, 6)}`;
      await prepareImage(setup, `${family}-image`, family);
      await expecting({ Operation: ASKS, ...fault });
      const faulty = { ...SETTINGS, image_family: family, image_name: `${family}-built` };
      const building = build(t, target, {
        program: packer ?? '',
        file: 'build.pkr.json',
        template: {
          source: { 'alicloud-ecs': { faulty } },
          build: { sources: ['source.alicloud-ecs.faulty'] },
        },
        env: { PACKER_PLUGIN_PATH: dirname(packer ?? '') },
      });
      await assert.rejects(building, message);
      assert.equal(await callsOf(ASKS), 1);
    });
});
