// `kindred demo`: the main job, end to end, on a real disk and by the official SDK. It starts a server
// on a fresh data directory, puts a qcow2 into a bucket, imports it, gives it a family, and asks which
// image of the family a machine should boot now. Every line it prints is what really happened.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { programForm } from '../lib/program-form.ts';
import { readServeConfig } from '../server/config.ts';
import { readRootKey } from '../server/first-account.ts';
import { StartRefused } from '../server/refusal.ts';
import { startServing, type Serving } from '../server/serve.ts';
import { makeQcow2 } from '../testing/disk-images.ts';
import type { Command } from './command.ts';
import { openSdk, type Sdk } from './demo-sdk.ts';
import { UsageError } from './usage-error.ts';

const REGION = 'cn-hangzhou';
const FAMILY = 'hangzhou-daily-update';
const BUCKET = 'golden-images';
const MIB = 1024 * 1024;
const PREFERRED = '127.0.0.1:5260';
const IMPORT_DEADLINE_MS = 60_000;

export const demo: Command = {
  summary: 'Show the main job on a real disk image; --once exits afterwards.',
  async run(argv) {
    const { once } = readFlags(argv);
    const dataDir = mkdtempSync(join(tmpdir(), 'kindred-demo-'));
    const serving = await start(dataDir);
    try {
      await show(serving, dataDir);
      if (!once) await untilInterrupted(serving, dataDir);
    } finally {
      await serving.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
    return 0;
  },
};

const readFlags = (argv: readonly string[]): { once: boolean } => {
  try {
    const { values } = parseArgs({ args: [...argv], options: { once: { type: 'boolean' } } });
    return { once: values.once === true };
  } catch {
    throw new UsageError('kindred demo takes no flag but --once');
  }
};

/** The usual port, or a free one when it is taken. */
const start = async (dataDir: string): Promise<Serving> => {
  const flags = (listen: string) => [`--listen=${listen}`, `--data=${dataDir}`, '--log-level=warn'];
  try {
    return await startServing(readServeConfig(flags(PREFERRED), {}));
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return startServing(readServeConfig(flags('127.0.0.1:0'), {}));
  }
};

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

const show = async (serving: Serving, dataDir: string): Promise<void> => {
  const key = readRootKey(dataDir)!;
  say(`Kindred answers on ${serving.url}, its data are in ${dataDir}`);
  const disk = makeDisk(dataDir);
  say(`\n1. A disk: ${disk.path}`);
  say(
    `   qcow2, ${disk.bytes.length} bytes, ${disk.guestBytes} bytes of guest data, sha256 ${disk.sha256}`,
  );
  const sdk = await openSdk(serving.url, key, REGION);
  const imported = await importDisk(sdk, disk.object);
  say(
    `\n2. ImportImage made ${imported.imageId}; task ${imported.taskId} is Finished, the image Available`,
  );
  await sdk.ecs('ModifyImageAttribute', {
    regionId: REGION,
    imageId: imported.imageId,
    imageFamily: FAMILY,
    description: 'made by kindred demo',
  });
  say(`\n3. ModifyImageAttribute put it into the family ${FAMILY}`);
  await resolve(sdk, imported.imageId);
  await compareBytes(sdk, serving.url, imported.imageId, disk.sha256);
};

const makeDisk = (dataDir: string) => {
  const guestBytes = 2 * MIB;
  const bytes = makeQcow2({
    virtualSizeBytes: 1024 * MIB,
    guestData: { seed: 20261124, sizeBytes: guestBytes },
  });
  const object = 'daily/disk-20261124.qcow2';
  const path = join(dataDir, 'buckets', BUCKET, object);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  return { path, object, bytes, guestBytes, sha256: sha256(bytes) };
};

const importDisk = async (
  sdk: Sdk,
  object: string,
): Promise<{ imageId: string; taskId: string }> => {
  const { imageId, taskId } = await sdk.ecs('ImportImage', {
    regionId: REGION,
    imageName: 'daily-20261124',
    platform: 'Ubuntu',
    diskDeviceMapping: [{ OSSBucket: BUCKET, OSSObject: object, format: 'QCOW2' }],
    tag: [{ key: 'made-by', value: 'demo' }],
  });
  const endsAt = performance.now() + IMPORT_DEADLINE_MS;
  while (performance.now() < endsAt) {
    const task = await sdk.ecs('DescribeTaskAttribute', { regionId: REGION, taskId });
    if (task.taskStatus === 'Finished') return { imageId, taskId };
    if (task.taskStatus !== 'Processing')
      throw new Error(`the import ended as ${task.taskStatus}: ${JSON.stringify(task)}`);
    await new Promise((again) => setTimeout(again, 50));
  }
  throw new Error('the import did not end within a minute');
};

const resolve = async (sdk: Sdk, expected: string): Promise<void> => {
  const request = { regionId: REGION, imageFamily: FAMILY };
  say(`\n4. DescribeImageFromFamily, asked by ${sdk.name}`);
  say(`   request  ${JSON.stringify({ RegionId: REGION, ImageFamily: FAMILY })}`);
  const answer = await sdk.ecs('DescribeImageFromFamily', request);
  say(`   answer   ${JSON.stringify(answer, null, 2).replaceAll('\n', '\n            ')}`);
  if (answer.image?.imageId !== expected)
    throw new Error(`the family named ${answer.image?.imageId}, expected ${expected}`);
};

const compareBytes = async (
  sdk: Sdk,
  url: string,
  imageId: string,
  made: string,
): Promise<void> => {
  const content = await sdk.kindred('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  const disk = content.Disks.Disk[0];
  const response = await fetch(new URL(disk.Url, url));
  if (!response.ok) throw new Error(`the bytes were answered with HTTP ${response.status}`);
  const served = sha256(new Uint8Array(await response.arrayBuffer()));
  say(`\n5. The bytes as served: sha256 ${served}`);
  say(
    `   ${served === made ? 'equal to' : 'DIFFERENT from'} the disk that was made; inspection: ${disk.Verdict}`,
  );
  if (served !== made) throw new Error('the served bytes differ from the disk that was made');
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** How a person calls this program. */
const kindredWords = (): string => {
  const form = programForm(import.meta.url);
  return { sources: 'npm run kindred --', bundle: 'npx kindred', 'one file': process.execPath }[
    form
  ];
};

const untilInterrupted = async (serving: Serving, dataDir: string): Promise<void> => {
  const key = readRootKey(dataDir)!;
  say(`
The server goes on. In another terminal:
  export ALIBABA_CLOUD_ACCESS_KEY_ID=${key.accessKeyId}
  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${key.accessKeySecret}
  ${kindredWords()} describe-image-families --region-id ${REGION} --endpoint ${serving.url}
Files put below ${join(dataDir, 'buckets')}/<bucket>/ can be imported.

Ctrl-C stops it and removes ${dataDir}.`);
  await new Promise<void>((stop) => {
    process.once('SIGINT', () => stop());
    process.once('SIGTERM', () => stop());
  });
};
