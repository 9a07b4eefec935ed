import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../errors.ts';
import { kindred } from '../testing/harness.ts';
import { signedRequest } from '../testing/sign.ts';
import { Nonces } from './nonces.ts';
import { makeHandle } from './pipeline.ts';

test('a bug is answered with InternalError, and the answer says nothing of the inside', async (t) => {
  const k = await kindred(t);
  const registry = {
    find: () => {
      throw new TypeError('secret detail of the inside');
    },
  };
  const handle = makeHandle({ ...k.kindred.house, registry });
  const request = signedRequest(
    {},
    { ...k.rootKey, action: 'DescribeRegions', version: '2014-05-26', nowMs: k.clock.wallMs() },
  );
  const { status, body } = await handle(request);
  assert.equal(status, 500);
  assert.equal(JSON.parse(String(body)).Code, 'InternalError');
  assert.doesNotMatch(String(body), /secret detail/);
});

test('a full store of nonces refuses requests and forgets none', async (t) => {
  const k = await kindred(t);
  const handle = makeHandle({ ...k.kindred.house, nonces: new Nonces(undefined, 2) });
  const codes: string[] = [];
  const ask = async (nonce: string): Promise<void> => {
    const { body } = await handle(
      signedRequest(
        {},
        {
          ...k.rootKey,
          action: 'DescribeRegions',
          version: '2014-05-26',
          nowMs: k.clock.wallMs(),
          nonce,
        },
      ),
    );
    codes.push(JSON.parse(String(body)).Code ?? 'OK');
  };
  for (const nonce of ['one', 'two', 'three', 'one']) await ask(nonce);
  assert.deepEqual(codes, ['OK', 'OK', 'Throttling.User', 'Throttling.User']);
});

test('parameters that nothing reads are named in a header and counted', async (t) => {
  const k = await kindred(t);
  const ask = async (parameters: Record<string, string>) => {
    const { headers } = await k.kindred.handle(
      signedRequest(parameters, {
        ...k.rootKey,
        action: 'DescribeImages',
        version: '2014-05-26',
        nowMs: k.clock.wallMs(),
      }),
    );
    return headers['x-kindred-ignored'];
  };
  const known = { RegionId: 'cn-hangzhou', 'Tag.1.Key': 'a' };
  assert.equal(await ask(known), undefined);
  assert.equal(await ask({ ...known, Foo: '1', 'Tag.1.Bar': '2' }), 'Foo, Tag.1.Bar');
  // Told of an error too, and safe to stand in a header.
  const strange = { RegionId: 'cn-nowhere', Tag: '[{"Key":"a","x,\\né":"1"}]' };
  assert.equal(await ask(strange), 'Tag.?member?');
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`Foo${i}`, '1']));
  assert.match((await ask({ ...known, ...many })) ?? '', /, Foo19, \.\.\.$/);
  const { text } = await k.kindred.house.metrics.render();
  assert.match(text, /kindred_unknown_parameters_total\{action="DescribeImages"\} 33/);
});

test('what Terraform asks another product at its start is known and not served', async (t) => {
  const k = await kindred(t);
  const { status, body } = await k.kindred.handle(
    signedRequest(
      { PageSize: '50', PageNum: '1', ProductCode: 'vipcloudfw', SubscriptionType: 'Subscription' },
      {
        ...k.rootKey,
        action: 'QueryAvailableInstances',
        version: '2017-12-14',
        nowMs: k.clock.wallMs(),
      },
    ),
  );
  assert.deepEqual([status, JSON.parse(String(body)).Code], [404, 'InvalidAction.NotSupported']);
});

test('a call that finds no room to wait is refused in the shape of the API, and told when to come again', async (t) => {
  const k = await kindred(t);
  const refusal = new ApiError('ServiceUnavailable', { retryAfterMs: 1_000 });
  const request = signedRequest(
    {},
    { ...k.rootKey, action: 'DescribeRegions', version: '2014-05-26', nowMs: k.clock.wallMs() },
  );
  const startedMs = performance.now();
  const { status, headers, body } = await k.kindred.handle(request, refusal);
  assert.equal(status, 503);
  assert.equal(JSON.parse(String(body)).Code, 'ServiceUnavailable');
  assert.equal(headers['x-acs-retry-after'], '1000');
  assert.ok(
    performance.now() - startedMs >= 90,
    'a moment later, lest who asks again at once spins',
  );
  // Nothing of it was looked at: its nonce is as good as new.
  assert.equal((await k.kindred.handle(request)).status, 200);
});
