import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { kindred } from '../testing/harness.ts';
import { createClient, type ClientOptions } from './client.ts';
import { KindredError } from './kindred-error.ts';
import { FORM_TYPE, type Transport } from './transport.ts';

const inProcess = async (t: Parameters<typeof kindred>[0]): Promise<ClientOptions> => {
  const k = await kindred(t);
  const transport: Transport = async ({ form }) => {
    const { status, body } = await k.kindred.handle({
      method: 'POST',
      target: '/',
      rawHeaders: ['Host', 'localhost', 'Content-Type', FORM_TYPE],
      body: Buffer.from(form),
    });
    return { status, body: Buffer.from(body).toString('utf8') };
  };
  const nowMs = () => k.clock.wallMs();
  return { endpoint: 'http://in-process', ...k.rootKey, transport, nowMs };
};

const answering = (status: number, body: string): ClientOptions => ({
  endpoint: 'http://h',
  accessKeyId: 'id',
  accessKeySecret: 'secret',
  transport: async () => ({ status, body }),
});

const failure = async (promise: Promise<unknown>): Promise<KindredError> => {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof KindredError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'a KindredError was expected' });
};

test('typed calls, by method and by name', async (t) => {
  const client = createClient(await inProcess(t));
  const { Image } = await client.describeImageFromFamily({
    RegionId: 'cn-hangzhou',
    ImageFamily: '中文',
  });
  assert.equal(Image.ImageId, undefined);
  const identity = await client.call('GetCallerIdentity');
  assert.match(identity.AccountId, /^\d{16}$/);
  const images = await client.describeImages({
    RegionId: 'cn-hangzhou',
    Tag: [{ Key: 'env', Value: undefined }],
  });
  assert.deepEqual(images.Images.Image, []);
  assert.match(images.RequestId, /^[0-9A-F-]{36}$/);
});

test('a refusal carries code, status, RequestId and message', async (t) => {
  const client = createClient(await inProcess(t));
  const error = await failure(client.describeImages({ RegionId: 'nowhere' }));
  assert.equal(error.code, 'InvalidRegionId.NotFound');
  assert.equal(error.status, 404);
  assert.match(error.requestId, /^[0-9A-F-]{36}$/);
  assert.match(error.message, /RegionId/);
});

test('an answer that is not of this API, and none at all', async () => {
  const page = await failure(createClient(answering(502, '<html>')).fsck());
  assert.deepEqual([page.code, page.status], ['UnreadableAnswer', 502]);
  const list = await failure(createClient(answering(200, '[]')).fsck());
  assert.equal(list.code, 'UnreadableAnswer');
  const { transport: _, ...options } = answering(0, '');
  const nobody = await failure(createClient({ ...options, endpoint: 'http://127.0.0.1:2' }).fsck());
  assert.deepEqual([nobody.code, nobody.status], ['EndpointUnreachable', 0]);
  assert.match(nobody.message, /^http:\/\/127\.0\.0\.1:2 does not answer: .*ECONNREFUSED/);
});

test('the client holds nothing of the server, and runs in a browser', async () => {
  const { metafile } = await build({
    entryPoints: ['src/client/client.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.includes('src/client/data.json'));
  assert.deepEqual(
    inputs.filter((path) => !/^src\/(client|lib)\//.test(path)),
    [],
  );
});
