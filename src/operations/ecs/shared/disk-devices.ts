import type { DiskType } from '../../../domain/image.ts';

const SYSTEM_DEVICE = '/dev/xvda';
const DATA_DEVICES = 'bcdefghijklmnopqrstuvwxyz'.split('').map((letter) => `/dev/xvd${letter}`);

/** A system disk and 16 data disks. */
export const MAX_DISKS = 17;

export type Devices =
  | { devices: readonly string[] }
  | { refusal: 'malformed' | 'in-use'; position: number };

/**
 * One device name for each disk, in order: the wished ones, and for the others the next free name.
 * The system disk is `/dev/xvda` and no other disk is.
 */
export const assignDevices = (
  disks: readonly { diskType: DiskType; device?: string | undefined }[],
): Devices => {
  const taken = new Set<string>();
  for (const [i, { diskType, device }] of disks.entries()) {
    if (device === undefined) continue;
    const fits = diskType === 'system' ? device === SYSTEM_DEVICE : DATA_DEVICES.includes(device);
    if (!fits) return { refusal: 'malformed', position: i + 1 };
    if (taken.has(device)) return { refusal: 'in-use', position: i + 1 };
    taken.add(device);
  }
  const free = DATA_DEVICES.filter((device) => !taken.has(device)).values();
  const devices = disks.map(
    ({ diskType, device }) =>
      device ?? (diskType === 'system' ? SYSTEM_DEVICE : (free.next().value ?? '')),
  );
  return { devices };
};
