// `npm run bench:bytes`: imports beside `cp` followed by `sha256sum` of the same file, in turn, in one run;
// the resident memory of the server while it imports a sparse file; and what a call of
// DescribeImageFromFamily takes meanwhile, beside the same call at rest. It measures the bundle. Every
// round imports other bytes, and both sides read a file that was just written, so from warm memory.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Api } from '../crash/api.ts';
import { median, residentMib, startKindred } from './process.ts';

const { values } = parseArgs({
  options: {
    /** Size of the random file, MiB. */
    size: { type: 'string', default: '1024' },
    /** Size of the sparse file, MiB. */
    sparse: { type: 'string', default: '10240' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
  },
});

const MIB = 2 ** 20;
const REGION = 'cn-hangzhou';
const FAMILY = 'bench';
const POLL_MS = 5;
/** Calls a second while latencies are taken: about what one build farm asks. */
const CALL_EVERY_MS = 5;
const IDLE_CALLS = 1_000;

const log = (text: string): void => void process.stdout.write(`${text}\n`);
const root = mkdtempSync(join(values.folder, 'kindred-bench-bytes-'));
const bucket = join(root, 'data', 'buckets', 'images');

const writeRandom = (path: string, sizeMib: number): void => {
  const fd = openSync(path, 'w');
  for (let i = 0; i < sizeMib; i++) writeSync(fd, randomBytes(MIB));
  closeSync(fd);
};

/** Imports the object and waits for its end. */
const importObject = async (api: Api, object: string): Promise<{ ms: number; imageId: string }> => {
  const startedAt = performance.now();
  const { TaskId, ImageId } = await api.must('ImportImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.OSSBucket': 'images',
    'DiskDeviceMapping.1.OSSObject': object,
  });
  for (;;) {
    const task = await api.must('DescribeTaskAttribute', { RegionId: REGION, TaskId });
    if (task.TaskStatus === 'Finished')
      return { ms: performance.now() - startedAt, imageId: ImageId };
    if (task.TaskStatus === 'Failed') throw new Error(JSON.stringify(task));
    await sleep(POLL_MS);
  }
};

const copyAndHash = (path: string): number => {
  const startedAt = performance.now();
  execFileSync('cp', ['--sparse=auto', path, join(root, 'copy')]);
  execFileSync('sha256sum', [path]);
  const ms = performance.now() - startedAt;
  rmSync(join(root, 'copy'));
  return ms;
};

const throughput = async (api: Api): Promise<string> => {
  const ratios: number[] = [];
  const rates: number[] = [];
  let imageId = '';
  for (let round = 0; round < Number(values.rounds); round++) {
    const path = join(bucket, 'random.raw');
    writeRandom(path, Number(values.size));
    // Nothing of the writing itself is left to be done in either time.
    execFileSync('sync');
    const first = round % 2 === 0 ? copyAndHash(path) : 0;
    const imported = await importObject(api, 'random.raw');
    execFileSync('sync');
    const beside = first || copyAndHash(path);
    imageId = imported.imageId;
    ratios.push(beside / imported.ms);
    rates.push((Number(values.size) * 1000) / imported.ms);
  }
  log(
    `import of ${values.size} MiB random: ${median(rates).toFixed(0)} MiB/s; beside cp and sha256sum ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
  );
  return imageId;
};

/** Milliseconds of calls, one after another, while `isOn` says so. */
const latencies = async (api: Api, isOn: (calls: number) => boolean): Promise<number[]> => {
  const found: number[] = [];
  while (isOn(found.length)) {
    const startedAt = performance.now();
    await api.must('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: FAMILY });
    found.push(performance.now() - startedAt);
    await sleep(CALL_EVERY_MS);
  }
  return found.toSorted((a, b) => a - b);
};

const p99 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.99)] ?? 0;

const during = async (api: Api, pid: number, object: string, what: string): Promise<void> => {
  const idle = await latencies(api, (calls) => calls < IDLE_CALLS);
  const restMib = residentMib(pid);
  let mostMib = restMib;
  let isDone = false;
  const imported = importObject(api, object).finally(() => (isDone = true));
  const asked = latencies(api, () => {
    mostMib = Math.max(mostMib, residentMib(pid));
    return !isDone;
  });
  const [{ ms }, busy] = await Promise.all([imported, asked]);
  log(
    `import of ${what}: ${(ms / 1000).toFixed(1)} s; memory ${restMib.toFixed(0)} MiB at rest, at most ${(mostMib - restMib).toFixed(0)} MiB more; p99 ${p99(idle).toFixed(2)} ms at rest, ${p99(busy).toFixed(2)} ms meanwhile (${busy.length} calls): ${(p99(busy) / p99(idle)).toFixed(2)} times`,
  );
};

try {
  mkdirSync(bucket, { recursive: true });
  const server = await startKindred(join(root, 'data'));
  const key = JSON.parse(readFileSync(join(root, 'data', 'root-key.json'), 'utf8')) as {
    accessKeyId: string;
    accessKeySecret: string;
  };
  const api = new Api(server.port, key);
  try {
    const ImageId = await throughput(api);
    const named = { RegionId: REGION, ImageId, ImageFamily: FAMILY };
    await api.must('ModifyImageAttribute', named);
    writeFileSync(join(bucket, 'sparse.raw'), '');
    truncateSync(join(bucket, 'sparse.raw'), Number(values.sparse) * MIB);
    await during(api, server.pid, 'sparse.raw', `${values.sparse} MiB sparse`);
    writeRandom(join(bucket, 'random.raw'), Number(values.size));
    await during(api, server.pid, 'random.raw', `${values.size} MiB random`);
  } finally {
    api.close();
    await server.stop();
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
