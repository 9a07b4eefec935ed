import { statfsSync } from 'node:fs';

/** statfs types of file systems where locks and fsync cannot be trusted. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x01021997: '9p',
  0x65735546: 'FUSE',
  0x00c36400: 'CephFS',
  0x0bd00bd0: 'Lustre',
};

/** The name of the network file system that `path` is on; undefined on a local one. */
export const networkFileSystemOf = (path: string): string | undefined =>
  NETWORK_FILE_SYSTEMS[statfsSync(path).type >>> 0];
