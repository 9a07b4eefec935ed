// The restore drill: a real server under load (imports, publishing, family reads), two backups while the load
// goes on, of which the second copies what is new, more load, `kill -9`; then a restore elsewhere, where every
// head is the one of the backup's commit, by manifest and by journal, and its bytes hash as they must.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from './api.ts';
import { Objects, BUCKET } from './objects.ts';
import type { Program } from './program.ts';
import { KEY, start } from './server-process.ts';
import { eventually } from './settle.ts';
import { readRows } from './rows.ts';

const REGION = 'cn-hangzhou';
const FAMILIES = ['web', 'db', 'edge'] as const;

// oxlint-disable-next-line typescript/no-explicit-any -- parsed answers
type Body = any;

/** One round of load: an import, published into a family, and asked for. */
export const publish = async (api: Api, object: string, family: string): Promise<void> => {
  const { ImageId } = await api.must('ImportImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.OSSBucket': BUCKET,
    'DiskDeviceMapping.1.OSSObject': object,
  });
  const isAvailable = async (): Promise<boolean> => {
    const found = await api.must('DescribeImages', { RegionId: REGION, ImageId, Status: 'ALL' });
    return found.Images.Image[0]?.Status === 'Available';
  };
  assert.ok(await eventually(isAvailable), `${ImageId} never became Available`);
  await api.must('ModifyImageAttribute', { RegionId: REGION, ImageId, ImageFamily: family });
  await api.must('DescribeImageFromFamily', { RegionId: REGION, ImageFamily: family });
};

const load = (api: Api, objects: Objects) => {
  const run = { isStopping: false, published: 0 };
  const ended = (async () => {
    while (!run.isStopping)
      for (const { name } of objects.fresh().good.slice(0, 2)) {
        await publish(api, name, FAMILIES[run.published % FAMILIES.length]!);
        run.published += 1;
      }
  })();
  return {
    reach: (count: number) => eventually(() => run.published >= count),
    async stop(): Promise<void> {
      run.isStopping = true;
      await ended;
    },
  };
};

/** The program, as an operator calls it. */
export const cli = (program: Program, port: number, ...argv: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = {
      ...process.env,
      ALIBABA_CLOUD_ENDPOINT: `http://127.0.0.1:${port}`,
      ALIBABA_CLOUD_ACCESS_KEY_ID: KEY.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: KEY.accessKeySecret,
    };
    execFile(process.execPath, [...program.argv, ...argv], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

/** Throws at the first thing that is not as it must be; returns figures. */
export const restoreDrill = async (program: Program): Promise<string> => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-drill-'));
  const [dataDir, backups, newDir] = ['data', 'backups', 'restored'].map((name) =>
    join(root, name),
  );
  const args = ['--buckets', join(root, 'buckets')];
  const objects = new Objects(join(root, 'buckets'), 3);
  let server = await start(program, { dataDir: dataDir!, args });
  try {
    const api = new Api(server.port, KEY);
    const work = load(api, objects);
    assert.ok(await work.reach(4));
    const backUp = async (): Promise<Body> => {
      const ran = await cli(program, server.port, 'backup', backups!, '--json');
      assert.equal(ran.code, 0, ran.stderr + server.log);
      return JSON.parse(ran.stdout);
    };
    const first = await backUp();
    assert.ok(await work.reach(8));
    const second = await backUp();
    assert.ok(second.NewBlobCount > 0 && second.NewBlobCount < second.BlobCount);
    assert.equal(second.CopiedBytes, second.NewBytes);
    assert.ok(await work.reach(10));
    await work.stop();
    api.close();
    await server.kill();

    const manifest = JSON.parse(
      readFileSync(join(backups!, 'backups', `${second.BackupId}.json`), 'utf8'),
    ) as Body;
    const key = join(dataDir!, 'master.key');
    const flags = ['--data', newDir!, '--master-key-file', key, '--json'];
    const restored = await cli(program, 0, 'restore', backups!, ...flags);
    assert.equal(restored.code, 0, restored.stderr);
    const heads = readRows(newDir!).heads;
    assert.deepEqual(
      [...heads].toSorted(),
      manifest.heads.map((head: Body) => [head.imageFamily, head.imageId]).toSorted(),
      'the journal of the copy tells other heads than the manifest',
    );
    server = await start(program, { dataDir: newDir!, args, hasTestControls: false });
    const again = new Api(server.port, KEY);
    // Calls of the second in which the restore ended are refused: the wire shows whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    for (const [ImageFamily, imageId] of heads) {
      const { Image } = await again.must('DescribeImageFromFamily', {
        RegionId: REGION,
        ImageFamily,
      });
      assert.equal(Image.ImageId, imageId);
      const content = await again.must('DescribeImageContent', {
        RegionId: REGION,
        ImageId: imageId,
      });
      const [disk] = content.Disks.Disk;
      const { status, bytes } = await again.get(disk.Url);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      assert.deepEqual([status, `sha256:${sha256}`], [200, disk.Digest]);
    }
    const jobsEnded = async (): Promise<boolean> =>
      (await again.must('Fsck')).DifferenceCount === 0;
    assert.ok(await eventually(jobsEnded), 'fsck');
    await publish(again, objects.fresh().good[0]!.name, 'web');
    again.close();
    return `${heads.size} heads, ${second.BlobCount} blobs (${first.BlobCount} in the first backup, ${second.NewBlobCount} new in the second), ${readdirSync(join(backups!, 'backups')).length} backups`;
  } finally {
    await server.kill();
    rmSync(root, { recursive: true, force: true });
  }
};
