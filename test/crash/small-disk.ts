import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own in memory, small enough to be filled to the last byte. */
export interface SmallDisk {
  readonly path: string;
  freeBytes(): number;
  /** Writes a filler until nothing more goes in, or only `leaveBytes` are free. */
  fill(leaveBytes?: number): void;
  /** Takes the filler away. */
  drain(): void;
  remove(): void;
}

const FILLER = 'filler';

/** Mounts it (which only root may); the reason as a text when the mount is refused. */
export const mountSmallDisk = (sizeMib: number, inodes?: number): SmallDisk | string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-small-'));
  const options = `size=${sizeMib}m${inodes === undefined ? '' : `,nr_inodes=${inodes}`}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    rmSync(path, { recursive: true });
    return `tmpfs cannot be mounted: ${(error as Error).message.split('\n')[0]}`;
  }
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill(leaveBytes = 0) {
      const fd = openSync(join(path, FILLER), 'a');
      try {
        for (
          let left = freeBytes() - leaveBytes;
          left > 0;
          left -= writeSync(fd, Buffer.alloc(Math.min(left, 2 ** 20)))
        );
      } catch {
        // Full, which is what was wanted.
      } finally {
        closeSync(fd);
      }
    },
    drain: () => unlinkSync(join(path, FILLER)),
    remove() {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
};
