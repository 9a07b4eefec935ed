import assert from 'node:assert/strict';
import { test } from 'node:test';
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
