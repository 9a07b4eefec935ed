import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { kindred } from '../../testing/harness.ts';
import { healthPath } from './health.ts';
import { metricsPath } from './metrics.ts';

test('figures are told to this machine alone, and health says nothing but that', async (t) => {
  const k = await kindred(t);
  const app = fastify();
  const context = { kindred: k.kindred, isDraining: () => false };
  metricsPath(app, context);
  healthPath(app, context);
  const get = (url: string, remoteAddress: string, headers = {}) =>
    app.inject({ method: 'GET', url, remoteAddress, headers });
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    assert.match((await get('/metrics', address)).body, /kindred_/);
  for (const address of ['10.0.0.1', '127.0.0.1.evil', '::ffff:10.0.0.1', '::127.0.0.1'])
    for (const headers of [{}, { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' }]) {
      const { statusCode, body } = await get('/metrics', address, headers);
      assert.deepEqual([statusCode, body], [403, ''], address);
    }
  const health = await get('/health', '10.0.0.1');
  assert.deepEqual(Object.keys(health.json()).toSorted(), ['status', 'version']);
});
