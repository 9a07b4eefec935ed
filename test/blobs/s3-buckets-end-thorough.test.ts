// A whole Kindred whose buckets live in S3, seen from outside: every way in and out, kills between its steps,
// and a server of S3 that dies in the middle of a put or is away for a while.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeRaw } from '../../src/testing/disk-images.ts';
import { sendOss, type Sent } from '../../src/testing/oss-scene.ts';
import { runServe, startServer, type TestServer } from '../../src/testing/server.ts';
import { Api } from '../crash/api.ts';
import { eventually } from '../crash/settle.ts';
import { BUCKET, S3_ENV, s3Skip, startS3Server, type S3Server } from './s3-server.ts';

const MIB = 2 ** 20;
const RegionId = 'cn-hangzhou';

const diskOf = (seed: number, sizeBytes = 20 * MIB): Buffer =>
  Buffer.from(makeRaw({ virtualSizeBytes: sizeBytes, guestData: { seed, sizeBytes } }));

class Place {
  readonly s3: S3Server;
  readonly server: TestServer;
  api: Api;

  constructor(s3: S3Server, server: TestServer) {
    this.s3 = s3;
    this.server = server;
    this.api = new Api(server.port, server.key);
  }

  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.api.close();
    await this.server.restart({ env: { ...S3_ENV, ...env } });
    this.api = new Api(this.server.port, this.server.key);
  }

  /** Where the server of S3 keeps what lies below our prefix. */
  path(...names: string[]): string {
    return join(this.s3.bucketDir, 'all', ...names);
  }

  /** Bodies that have not become objects. */
  growing(bucket = 'images'): string[] {
    const folder = join(this.server.dataDir, 'bucket-staging', bucket);
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  oss(method: string, path: string, sent: Sent = {}) {
    const { port, key } = this.server;
    return sendOss(port, method, path, { dateMs: Date.now(), key, ...sent });
  }

  async createUpload(object: string, bytes: Uint8Array): Promise<string> {
    const asked = { Bucket: 'images', Object: object, SizeBytes: String(bytes.length) };
    return (await this.api.must('CreateUpload', asked)).Url as string;
  }

  upload(path: string, bytes?: Uint8Array): Promise<Response> {
    const how = bytes === undefined ? {} : { method: 'PUT', body: new Uint8Array(bytes) };
    return fetch(`${this.server.url}${path}`, how);
  }

  async import(object: string): Promise<string> {
    const { ImageId } = await this.api.must('ImportImage', {
      RegionId,
      'DiskDeviceMapping.1.OSSBucket': 'images',
      'DiskDeviceMapping.1.OSSObject': object,
    });
    return ImageId as string;
  }

  async becomesAvailable(ImageId: string): Promise<void> {
    const isThere = async (): Promise<boolean> =>
      (await this.api.must('DescribeImages', { RegionId, ImageId })).Images.Image[0]?.Status ===
      'Available';
    assert.ok(await eventually(isThere), this.server.log.slice(-3000));
  }

  async isExported(TaskId: string): Promise<void> {
    const isDone = async (): Promise<boolean> =>
      (await this.api.must('DescribeTaskAttribute', { RegionId, TaskId })).TaskStatus ===
      'Finished';
    assert.ok(await eventually(isDone), this.server.log.slice(-3000));
  }

  async mustBeWhole(): Promise<void> {
    const { Differences, LeftoverCount } = await this.api.must('Fsck');
    assert.deepEqual([Differences.Difference, LeftoverCount], [[], 0]);
  }
}

const addressOf = (s3: S3Server): string => `s3://${BUCKET}/all?endpoint=${s3.endpoint}`;

const furnish = async (t: TestContext): Promise<Place> => {
  const s3 = await startS3Server();
  t.after(() => s3.close());
  const args = ['--test-controls', '--catalogue', 'none', '--buckets', addressOf(s3)];
  const place = new Place(s3, await startServer(t, { args, env: S3_ENV }));
  t.after(() => place.api.close());
  assert.equal((await place.oss('PUT', '/images')).status, 200);
  return place;
};

test('a Kindred whose buckets live in S3', { skip: s3Skip }, async (t) => {
  const place = await furnish(t);
  const bytes = diskOf(1);
  let imageId = '';

  await t.test('an object comes by the door, in one body and in parts', async () => {
    const headers = { 'content-type': 'text/x', 'x-oss-meta-k': 'v' };
    const { status } = await place.oss('PUT', '/images/door/disk.raw', { body: bytes, headers });
    assert.equal(status, 200);
    assert.ok(readFileSync(place.path('images/door/disk.raw')).equals(bytes));
    const whole = await place.oss('GET', '/images/door/disk.raw');
    assert.ok(whole.bytes.equals(bytes));
    assert.equal(whole.headers['x-oss-meta-k'], 'v');
    const range = { range: 'bytes=1000-70999' };
    const part = await place.oss('GET', '/images/door/disk.raw', { headers: range });
    assert.equal(part.status, 206);
    assert.ok(part.bytes.equals(bytes.subarray(1000, 71_000)));
    const begun = await place.oss('POST', '/images/parts?uploads');
    const path = `/images/parts?uploadId=${/<UploadId>(\w+)</.exec(begun.text)?.[1]}`;
    const one = await place.oss('PUT', `${path}&partNumber=1`, { body: bytes.subarray(0, MIB) });
    await place.restart();
    const two = await place.oss('PUT', `${path}&partNumber=2`, { body: bytes.subarray(MIB) });
    const body = `<CompleteMultipartUpload>${[one, two]
      .map(
        ({ headers: { etag } }, i) =>
          `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
      )
      .join('')}</CompleteMultipartUpload>`;
    const ended = await place.oss('POST', path, { body });
    assert.equal(ended.headers['x-oss-hash-crc64ecma'], whole.headers['x-oss-hash-crc64ecma']);
    assert.ok((await place.oss('GET', '/images/parts')).bytes.equals(bytes));
    const listed = await place.oss('GET', '/images?list-type=2');
    assert.match(listed.text, /door\/disk\.raw.*parts/s);
    assert.ok(listed.text.includes(String(ended.headers.etag).replaceAll('"', '')));
    assert.deepEqual(place.growing(), []);
  });

  await t.test(
    'an image is imported from a bucket, also what another program put there',
    async () => {
      imageId = await place.import('door/disk.raw');
      await place.becomesAvailable(imageId);
      mkdirSync(place.path('images/by'), { recursive: true });
      writeFileSync(place.path('images/by/hand.raw'), diskOf(2));
      await place.becomesAvailable(await place.import('by/hand.raw'));
      const { headers } = await place.oss('HEAD', '/images/by/hand.raw');
      assert.match(String(headers.etag), /^"[0-9A-F]{32}-0"$/);
    },
  );

  for (const point of ['export.written', 'export.named', 'export.synced'])
    await t.test(`an image is exported into a bucket, after a kill at ${point}`, async () => {
      await place.restart({ KINDRED_TEST_FAULT: `${point}:1` });
      const prefix = point.replace('.', '');
      const call = { RegionId, ImageId: imageId, OSSBucket: 'images', OSSPrefix: prefix };
      const { TaskId } = await place.api.must('ExportImage', call);
      assert.equal((await place.server.exited).signal, 'SIGKILL');
      await place.restart();
      await place.isExported(TaskId);
      const name = readdirSync(place.path('images')).find((one) => one.startsWith(prefix)) ?? '';
      assert.ok(readFileSync(place.path('images', name)).equals(bytes));
      assert.deepEqual(place.growing(), []);
    });

  for (const point of ['upload.whole', 'upload.finishing', 'upload.named'])
    await t.test(`an upload ends after a kill at ${point}`, async () => {
      await place.restart({ KINDRED_TEST_FAULT: `${point}:1` });
      const path = await place.createUpload(`up/${point}`, bytes);
      await assert.rejects(place.upload(path, bytes));
      assert.equal((await place.server.exited).signal, 'SIGKILL');
      await place.restart();
      const { uploadedBytes } = (await (await place.upload(path)).json()) as {
        uploadedBytes: number;
      };
      assert.equal(uploadedBytes, bytes.length);
      assert.ok(readFileSync(place.path('images/up', point)).equals(bytes));
      assert.deepEqual(place.growing(), []);
    });

  await t.test('a bucket goes when it is empty', async () => {
    assert.equal((await place.oss('DELETE', '/images')).code, 'BucketNotEmpty');
    await place.mustBeWhole();
    assert.equal((await place.oss('PUT', '/second')).status, 200);
    assert.match((await place.oss('GET', '/')).text, /<Name>images<.*<Name>second</s);
    assert.equal((await place.oss('DELETE', '/second')).status, 204);
    assert.equal((await place.oss('GET', '/second')).code, 'NoSuchBucket');
  });
});

test('a server of S3 that dies', { skip: s3Skip }, async (t) => {
  const place = await furnish(t);
  const bytes = randomBytes(96 * MIB);
  const isPutting = (): boolean =>
    readdirSync(place.s3.bucketDir, { recursive: true }).some((name) =>
      String(name).includes('multipart'),
    );

  await t.test(
    'in the middle of a put: a clear error, nothing half written, and again',
    async () => {
      const putting = place.oss('PUT', '/images/big', { body: bytes });
      assert.ok(await eventually(async () => isPutting()));
      await place.s3.stop();
      const refused = await putting;
      assert.deepEqual([refused.status, refused.code], [503, 'ServiceUnavailable']);
      assert.deepEqual(place.growing(), []);
      await place.s3.start();
      assert.equal((await place.oss('GET', '/images/big')).code, 'NoSuchKey');
      assert.equal((await place.oss('PUT', '/images/big', { body: bytes })).status, 200);
      assert.ok((await place.oss('GET', '/images/big')).bytes.equals(bytes));
    },
  );

  await t.test('under an upload: its bytes stay, and it ends by itself', async () => {
    const disk = diskOf(5);
    const path = await place.createUpload('later.raw', disk);
    await place.s3.stop();
    const refused = await place.upload(path, disk);
    assert.equal(refused.status, 503);
    assert.match(await refused.text(), /what came is kept/);
    const kept = await place.upload(path);
    assert.equal(((await kept.json()) as { uploadedBytes: number }).uploadedBytes, disk.length);
    await place.s3.start();
    assert.equal((await place.upload(path)).status, 200);
    assert.ok(readFileSync(place.path('images/later.raw')).equals(disk));
    assert.deepEqual(place.growing(), []);
  });

  await t.test('under calls: they say so, and jobs wait', async () => {
    const imageId = await place.import('later.raw');
    await place.becomesAvailable(imageId);
    await place.s3.stop();
    const asked = {
      RegionId,
      'DiskDeviceMapping.1.OSSBucket': 'images',
      'DiskDeviceMapping.1.OSSObject': 'later.raw',
    };
    const refused = await place.api.call('ImportImage', asked);
    assert.ok(refused.outcome === 'refused');
    assert.deepEqual([refused.status, refused.code], [503, 'ServiceUnavailable']);
    assert.equal((await place.oss('GET', '/images/later.raw')).code, 'ServiceUnavailable');
    await place.s3.start();
    const call = { RegionId, ImageId: imageId, OSSBucket: 'images', OSSPrefix: 'x' };
    await place.restart({ KINDRED_TEST_FAULT: 'export.written:1' });
    const { TaskId } = await place.api.must('ExportImage', call);
    await place.server.exited;
    await place.restart();
    await place.isExported(TaskId);
    await place.mustBeWhole();
    assert.doesNotMatch(place.server.log, new RegExp(S3_ENV.AWS_SECRET_ACCESS_KEY));
  });

  await t.test('before a start: it is refused, in one sentence', async () => {
    await place.server.stop();
    await place.s3.stop();
    const buckets = addressOf(place.s3);
    const { dataDir } = place.server;
    const refused = await runServe(t, { dataDir, args: ['--buckets', buckets], env: S3_ENV });
    assert.equal(refused.code, 2);
    assert.match(
      refused.log,
      /--buckets: s3:\/\/kindred-bytes\/all\/ cannot be used: .*ECONNREFUSED/,
    );
  });
});
