// A server whose storage fails under it: it runs as a user without rights over what others own, its second
// region keeps its bytes on a small file system of its own, and it copies slowly, so that a test can fill a
// disk, close a folder or change a source while a job is in the middle of it. `meets` is the promise that
// holds for every one of these: the work fails with the reason, what it took is given back, Fsck is clean.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { closeSync, futimesSync, openSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRaw } from '../../src/testing/disk-images.ts';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { Api } from './api.ts';
import { eventually } from './settle.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const MIB = 2 ** 20;
/** Room for the floor of 64 MiB, one disk, and the conversion of one. */
const DISK_MIB = 256;
/** Root may read and write everything, so that a server of root's meets no closed folder. */
export const SERVER_UID = process.getuid?.() === 0 ? 64_261 : undefined;
/** The common store. */
export const HERE = 'cn-hangzhou';
/** Its store is `scene.far`. */
export const FAR = 'cn-beijing';
export const EXPORTS = 'exports';
/** Of every disk: eight chunks, at each of which the copy waits. */
export const DISK_BYTES = 16 * MIB;

const SENTENCE = /^(Disk \d+ \(.*\): )?[A-Z].*\.$/;

/** What was asked for; a copy has no task. */
export interface Work {
  regionId: string;
  imageId: string;
  taskId?: string;
}

export interface Fault {
  begin(): Promise<Work>;
  /** Done while the work goes on; `begin` may as well have done it before. */
  meanwhile?(): Promise<void> | void;
  /** The reason that must be told. */
  code: string;
  /** Makes the storage whole again, before Fsck. */
  undo?(): void;
}

export const diskOf = (seed: number): Uint8Array =>
  makeRaw({ virtualSizeBytes: DISK_BYTES, guestData: { seed, sizeBytes: DISK_BYTES } });

type After = { after(fn: () => void | Promise<void>): void };

export class StorageScene {
  readonly server: TestServer;
  /** The far store's folder, on `disk` where a file system could be mounted. */
  readonly far: string;
  /** Folder of the buckets, on a file system of its own likewise. */
  readonly buckets: string;
  readonly disk: SmallDisk | string;
  readonly bucketDisk: SmallDisk | string;
  readonly api: Api;

  private constructor(
    server: TestServer,
    folders: Pick<StorageScene, 'far' | 'buckets' | 'disk' | 'bucketDisk'>,
  ) {
    this.server = server;
    this.far = folders.far;
    this.buckets = folders.buckets;
    this.disk = folders.disk;
    this.bucketDisk = folders.bucketDisk;
    this.api = new Api(server.port, server.key);
  }

  /** `fault`: of the server, that it goes slowly from there. */
  static async open(t: After, fault = 'ingest.chunk:1:hold'): Promise<StorageScene> {
    const [disk, bucketDisk] = [mountSmallDisk(DISK_MIB), mountSmallDisk(DISK_MIB)];
    const folderOn = (on: SmallDisk | string): string => {
      const parent =
        typeof on === 'string' ? mkdtempSync(join(tmpdir(), 'kindred-fault-')) : on.path;
      t.after(() => (typeof on === 'string' ? rmSync(parent, { recursive: true }) : on.remove()));
      const folder = join(parent, 'given');
      mkdirSync(folder);
      if (SERVER_UID !== undefined) chownSync(folder, SERVER_UID, SERVER_UID);
      return folder;
    };
    const [far, buckets] = [folderOn(disk), folderOn(bucketDisk)];
    const server = await startServer(t, {
      ...(SERVER_UID !== undefined && { uid: SERVER_UID }),
      env: { KINDRED_TEST_FAULT: fault },
      args: [
        '--test-controls',
        '--catalogue',
        'none',
        '--region-blobs',
        `${FAR}=${far}`,
        '--buckets',
        buckets,
      ],
    });
    const scene = new StorageScene(server, { far, buckets, disk, bucketDisk });
    t.after(() => scene.api.close());
    mkdirSync(join(buckets, 'images'));
    await scene.api.must('CreateBucket', { Bucket: EXPORTS });
    return scene;
  }

  object(name: string): string {
    return join(this.buckets, 'images', name);
  }

  put(name: string, bytes: Uint8Array): string {
    writeFileSync(this.object(name), bytes);
    return this.object(name);
  }

  async import(objects: readonly string[], regionId = FAR): Promise<Work> {
    const mapping: Record<string, string> = {};
    for (const [i, object] of objects.entries()) {
      mapping[`DiskDeviceMapping.${i + 1}.OSSBucket`] = 'images';
      mapping[`DiskDeviceMapping.${i + 1}.OSSObject`] = object;
    }
    const made = await this.api.must('ImportImage', { RegionId: regionId, ...mapping });
    return { regionId, imageId: made.ImageId, taskId: made.TaskId };
  }

  /** An image whose bytes lie in the region's store. */
  async imported(object: string, regionId = FAR): Promise<Work> {
    const work = await this.import([object], regionId);
    await this.becomesAvailable(work);
    return work;
  }

  /** The image is made, and the storage is as it should be. */
  async becomesAvailable(work: Work): Promise<void> {
    assert.ok(await eventually(async () => (await this.statusOf(work)) === 'Available'));
    assert.equal((await this.api.must('Fsck')).DifferenceCount, 0);
  }

  /** Its task ends well. */
  async finishes({ regionId, taskId = '' }: Work): Promise<void> {
    const asked = { RegionId: regionId, TaskId: taskId };
    const status = async () => (await this.api.must('DescribeTaskAttribute', asked)).TaskStatus;
    // It may wait before it is processed.
    const isOver = async () => !['Waiting', 'Processing'].includes(await status());
    assert.ok(await eventually(isOver));
    assert.equal(await status(), 'Finished', this.server.log);
  }

  async copy({ imageId }: Work): Promise<Work> {
    const to = { RegionId: HERE, ImageId: imageId, DestinationRegionId: FAR };
    const { ImageId } = await this.api.must('CopyImage', to);
    return { regionId: FAR, imageId: ImageId };
  }

  async export({ imageId, regionId }: Work, format?: string): Promise<Work> {
    const { TaskId } = await this.api.must('ExportImage', {
      RegionId: regionId,
      ImageId: imageId,
      OSSBucket: EXPORTS,
      ...(format !== undefined && { ImageFormat: format }),
    });
    return { regionId, imageId, taskId: TaskId };
  }

  async statusOf({ regionId, imageId }: Work): Promise<string | undefined> {
    const asked = { RegionId: regionId, ImageId: imageId, Status: 'ALL' };
    return (await this.api.must('DescribeImages', asked)).Images.Image[0]?.Status;
  }

  /** The file of the only blob of a store. */
  blobFile(regionId: string): string {
    const root = regionId === FAR ? this.far : join(this.server.dataDir, 'blobs');
    const [name] = filesBelow(join(root, 'sha256'));
    assert.ok(name);
    return name;
  }

  /** Resolves once a file of that ending has bytes that are not all yet. */
  async underWay(folder = join(this.far, 'staging'), ending = ''): Promise<void> {
    const isGrowing = (path: string): boolean => {
      const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      return sizeBytes > 0 && sizeBytes < DISK_BYTES;
    };
    assert.ok(
      await eventually(() =>
        filesBelow(folder).some((path) => path.endsWith(ending) && isGrowing(path)),
      ),
      this.server.log,
    );
  }

  /** Bytes that stores, staging and exports take on their disks. */
  heldBytes(): number {
    const { dataDir } = this.server;
    return [this.far, join(dataDir, 'blobs'), join(dataDir, 'staging'), join(this.buckets, EXPORTS)]
      .flatMap(filesBelow)
      .reduce(
        (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512,
        0,
      );
  }

  /** What the task tells, and for an image that could not be made, its own word. */
  async failureOf({ regionId, imageId, taskId }: Work): Promise<string> {
    const told = new Set<string>();
    if (taskId !== undefined) {
      const task = await this.api.must('DescribeTaskAttribute', {
        RegionId: regionId,
        TaskId: taskId,
      });
      if (task.TaskStatus !== 'Failed') return `the task is ${task.TaskStatus}`;
      told.add(task.OperationProgressSet.OperationProgress[0].ErrorCode);
      assert.match(task.OperationProgressSet.OperationProgress[0].ErrorMsg, SENTENCE);
      if (task.TaskAction === 'ExportImage') return [...told].join();
    }
    const asked = { RegionId: regionId, ImageId: imageId };
    const failure = await this.api.must('DescribeImageFailure', asked);
    if (failure.Status !== 'CreateFailed') return `the image is ${failure.Status}`;
    told.add(failure.ErrorCode);
    assert.match(failure.ErrorMessage, SENTENCE);
    return [...told].join();
  }

  /** Runs the work into the fault, and checks what must be true of it afterwards. */
  async meets({ begin, meanwhile, code, undo }: Fault): Promise<void> {
    const before = this.heldBytes();
    try {
      const work = await begin();
      await meanwhile?.();
      const hasEnded = async (): Promise<boolean> => !/ is /.test(await this.failureOf(work));
      const isTold = await eventually(hasEnded);
      assert.equal(await this.failureOf(work), code, isTold ? '' : this.server.log);
    } finally {
      undo?.();
    }
    assert.ok(
      await eventually(() => this.heldBytes() === before),
      `${this.heldBytes()} bytes are held, not ${before}`,
    );
    const fsck = await this.api.must('Fsck');
    assert.deepEqual(fsck.Differences.Difference, []);
    assert.equal((await this.api.get('/health')).status, 200);
  }
}

/** `remount` with an option, which only root may. */
export const remount = (disk: SmallDisk, option: string): void =>
  void execFileSync('mount', ['-o', `remount,${option}`, disk.path]);

/** The file system may have no more inodes than it has; gives what gives them back. */
export const takeInodes = (disk: SmallDisk): (() => void) => {
  const { files, ffree } = statfsSync(disk.path);
  remount(disk, `nr_inodes=${files - ffree}`);
  return () => remount(disk, `nr_inodes=${files}`);
};

/** Likewise for its bytes, at once: to fill them takes too long for some moments. */
export const takeRoom = (disk: SmallDisk): (() => void) => {
  const { blocks, bfree, bsize } = statfsSync(disk.path);
  remount(disk, `size=${(blocks - bfree) * bsize}`);
  return () => remount(disk, `size=${blocks * bsize}`);
};

/** The file system, in tests that are skipped where there is none. */
export const mounted = (disk: SmallDisk | string): SmallDisk =>
  typeof disk === 'string' ? assert.fail(disk) : disk;

/** Other bytes in the file; with `isQuiet` of an equal version, as a failing disk writes them. */
export const overwrite = (path: string, isQuiet = false): void => {
  const { atimeNs, mtimeNs } = statSync(path, { bigint: true });
  const fd = openSync(path, 'r+');
  writeSync(fd, 'other bytes', DISK_BYTES - 100);
  if (isQuiet) futimesSync(fd, Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
  closeSync(fd);
};

/** Regular files; what vanishes meanwhile is none. */
export const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'kindred-store.json')
        .map(({ name, parentPath }) => join(parentPath, name))
    : [];
