// Death and failure at each single system call that matters to one import: the N-th fsync, fdatasync,
// rename and unlink, for N = 1, 2, … until the import outlives it. Whatever was acknowledged is there
// afterwards, and an fsync that failed is never believed. Slow, so in the thorough set only.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { Api, type Answer } from './api.ts';
import { checkAll } from './check.ts';
import { REGION } from './client.ts';
import { Ledger, type LostAccept } from './ledger.ts';
import { BUCKET, Objects, type DiskObject } from './objects.ts';
import { buildProgram } from './program.ts';
import { KEY, start, type ServerProcess } from './server-process.ts';
import { awaitEnd, resolveLostAccepts, resolveLostChanges } from './settle.ts';
import { attach, straceMissing, type Injection } from './strace.ts';

const skip = straceMissing();
/** No import makes so many calls of one kind on one thread. */
const MAX_CALLS = 40;
const POLL_MS = 20;
const DEATH_MS = 500;

const program = buildProgram();
after(() => program.remove());

const PLACES: readonly Pick<Injection, 'thread' | 'call'>[] = [
  { thread: 'MainThread', call: 'fsync' },
  { thread: 'libuv-worker', call: 'fsync' },
  { thread: 'kindred-ingest', call: 'fdatasync' },
  { thread: 'libuv-worker', call: 'rename' },
  { thread: 'libuv-worker', call: 'unlink' },
];

class Scene {
  readonly ledger = new Ledger();
  readonly dataDir = mkdtempSync(join(tmpdir(), 'kindred-syscalls-'));
  readonly #objects = new Objects(join(this.dataDir, 'buckets'), 3);
  server!: ServerProcess;
  api!: Api;
  taskStatus = '';
  errorCode = '';

  constructor(t: TestContext) {
    t.after(async () => {
      await this.server.kill();
      this.api.close();
      rmSync(this.dataDir, { recursive: true, force: true });
    });
  }

  /** Starts it and makes one import, so that every thread that imports is there. */
  async open(): Promise<void> {
    const env = { UV_THREADPOOL_SIZE: '1' };
    this.server = await start(program, { dataDir: this.dataDir, env });
    this.api = new Api(this.server.port, KEY);
    await this.importOf(this.#objects.fixed[0]!);
    assert.notEqual(this.taskStatus, 'Processing');
  }

  /** An import that fails, one that succeeds and joins a family, one more of the same bytes. */
  async script(): Promise<void> {
    const { good, bad } = this.#objects.fresh();
    for (const object of [bad[0]!, good[0]!, good[1]!]) await this.importOf(object);
  }

  async importOf(object: DiskObject): Promise<Answer> {
    const parameters = {
      RegionId: REGION,
      ImageName: this.ledger.newName('image'),
      ClientToken: this.ledger.newName('token'),
      'DiskDeviceMapping.1.OSSBucket': BUCKET,
      'DiskDeviceMapping.1.OSSObject': object.name,
    };
    const askedAt = this.ledger.tick();
    const lost: LostAccept = { origin: 'ImportImage', parameters, source: object, askedAt };
    const answer = await this.api.call('ImportImage', parameters);
    // A refusal by a server that could not write leaves the outcome as open as no answer does.
    if (answer.outcome !== 'ok') {
      this.ledger.lostAccepts.push(lost);
      return answer;
    }
    const entry = this.ledger.accepted(lost, answer.body);
    this.ledger.requestIds.push(answer.body.RequestId);
    if (!(await this.#awaitTask(entry.taskId)) || !object.isGood) return answer;
    const to = 'web';
    const family = { RegionId: REGION, ImageId: entry.imageId, ImageFamily: to };
    const change = await this.api.call('ModifyImageAttribute', family);
    if (change.outcome === 'ok') entry.imageFamily = to;
    else this.ledger.lostChanges.push({ change: 'family', entry, to });
    return answer;
  }

  async #awaitTask(taskId: string): Promise<boolean> {
    for (;;) {
      // Asked first: what failed is written before the writes stop, so that the task tells of it then.
      const health = await this.api.get('/health').catch(() => undefined);
      const task = await this.api.call('DescribeTaskAttribute', {
        RegionId: REGION,
        TaskId: taskId,
      });
      if (task.outcome !== 'ok') return false;
      this.taskStatus = task.body.TaskStatus;
      this.errorCode = task.body.OperationProgressSet.OperationProgress[0]?.ErrorCode ?? '';
      if (this.taskStatus !== 'Processing') return true;
      if (health?.status !== 200) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Dies if it still lives, starts again, and holds everything against the ledger. */
  async recover(): Promise<void> {
    this.api.close();
    await this.server.kill();
    this.server = await start(program, { dataDir: this.dataDir, env: { UV_THREADPOOL_SIZE: '1' } });
    this.api = new Api(this.server.port, KEY);
    await resolveLostAccepts(this.api, this.ledger);
    await awaitEnd(this.api, this.ledger, this.dataDir);
    await resolveLostChanges(this.api, this.ledger);
    await checkAll(this.api, this.ledger, this.dataDir);
    assert.deepEqual(this.ledger.violations, [], this.server.log);
    this.api.close();
    await this.server.kill();
  }
}

for (const place of PLACES)
  test(
    `killed at each ${place.call} of ${place.thread}, an import loses nothing`,
    { skip },
    async (t) => {
      const scene = new Scene(t);
      let deaths = 0;
      for (let occurrence = 1; occurrence <= MAX_CALLS; occurrence++) {
        await scene.open();
        const tracer = await attach(scene.server.pid, {
          ...place,
          what: 'signal=KILL',
          occurrence,
        });
        await scene.script();
        // The client hears of a cut connection before this process hears of the death.
        await Promise.race([
          scene.server.died,
          new Promise((resolve) => setTimeout(resolve, DEATH_MS)),
        ]);
        const hasDied = scene.server.isDead;
        tracer.detach();
        await scene.recover();
        if (!hasDied) break;
        deaths += 1;
      }
      t.diagnostic(`${deaths} deaths, ${scene.ledger.images.size} images`);
      assert.ok(deaths > 0, 'the call was never made');
      assert.ok(deaths < MAX_CALLS, 'it never got through');
    },
  );

test(
  'a commit whose fsync failed is not acknowledged, and no write is taken after it',
  { skip },
  async (t) => {
    const scene = new Scene(t);
    let failures = 0;
    for (let occurrence = 1; occurrence <= MAX_CALLS; occurrence++) {
      await scene.open();
      const place = { thread: 'MainThread', call: 'fsync' } as const;
      const tracer = await attach(scene.server.pid, { ...place, what: 'error=EIO', occurrence });
      await scene.script();
      const health = await scene.api.get('/health');
      if (health.status === 200) {
        tracer.detach();
        await scene.recover();
        break;
      }
      failures += 1;
      assert.equal(health.status, 503);
      const refused = await scene.api.call('ModifyImageAttribute', {
        RegionId: REGION,
        ImageId: [...scene.ledger.images.keys()][0]!,
        Description: 'not to be taken',
      });
      assert.deepEqual(
        [refused.outcome, 'code' in refused && refused.code],
        ['refused', 'ServiceUnavailable'],
      );
      await scene.api.must('DescribeImages', { RegionId: REGION });
      await scene.recover();
    }
    t.diagnostic(`${failures} failed commits`);
    assert.ok(failures > 5 && failures < MAX_CALLS);
  },
);

const blobFaults = [
  {
    thread: 'kindred-ingest',
    call: 'fdatasync',
    what: 'error=EIO',
    code: 'SYNC_FAILED',
    isFinal: true,
  },
  { thread: 'libuv-worker', call: 'fsync', what: 'error=EIO', code: 'SYNC_FAILED', isFinal: true },
  {
    thread: 'kindred-ingest',
    call: 'pwrite64',
    what: 'error=EIO',
    code: 'IO_ERROR',
    isFinal: false,
  },
  {
    thread: 'kindred-ingest',
    call: 'pwrite64',
    what: 'error=ENOSPC',
    code: 'NO_SPACE',
    isFinal: false,
  },
] as const;

for (const { code, isFinal, ...fault } of blobFaults)
  test(
    `${fault.what} at ${fault.call} of ${fault.thread} fails the import with ${code}`,
    { skip },
    async (t) => {
      const scene = new Scene(t);
      await scene.open();
      const object = new Objects(join(scene.dataDir, 'buckets'), 9).fresh().good[0]!;
      const tracer = await attach(scene.server.pid, { ...fault, occurrence: 1 });
      await scene.importOf({ ...object, isGood: false });
      assert.deepEqual([scene.taskStatus, scene.errorCode], ['Failed', code]);
      // The reason is written before the writes stop.
      assert.equal((await scene.api.get('/health')).status, isFinal ? 503 : 200);
      await scene.api.must('DescribeImages', { RegionId: REGION });
      tracer.detach();
      await scene.recover();
    },
  );

/** Each write changes a description; so many fill the log past the size at which it is folded back. */
const FOLDING_WRITES = 1_500;

test('an fsync that fails while the log is folded back stops the writes', { skip }, async (t) => {
  const scene = new Scene(t);
  await scene.open();
  const [imageId = ''] = scene.ledger.images.keys();
  const write = async (): Promise<boolean> => {
    for (let i = 0; i < FOLDING_WRITES; i++) {
      const Description = `${i} `.padEnd(256, 'x');
      const parameters = { RegionId: REGION, ImageId: imageId, Description };
      const answer = await scene.api.call('ModifyImageAttribute', parameters);
      if (answer.outcome !== 'ok') return false;
    }
    return true;
  };
  assert.ok(await write(), 'the first folding goes well, and its thread is there afterwards');
  const place = { thread: 'kindred-fold', call: 'fsync', occurrence: 1 } as const;
  await attach(scene.server.pid, { ...place, what: 'error=EIO' });
  assert.equal(await write(), false, 'writes went on');
  assert.equal((await scene.api.get('/health')).status, 503);
  await scene.api.must('DescribeImages', { RegionId: REGION });
  await scene.recover();
});
