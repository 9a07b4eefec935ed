import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { inspect, type DiskFormat, type Verdict } from '../disk/inspect.ts';
import { fileReader } from '../disk/reader.ts';

/** Words for the formats; vpc is QEMU's for VHD. */
const FORMATS: Readonly<Record<string, DiskFormat>> = {
  qcow2: 'qcow2',
  raw: 'raw',
  vhd: 'vhd',
  vpc: 'vhd',
  vmdk: 'vmdk',
};

/** The format of this name, in any case. */
export const formatNamed = (text: string): DiskFormat | undefined => {
  const name = text.toLowerCase();
  return Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
};

/** The verdict, or one sentence that says why there is none. */
export const inspectFile = (path: string, declaredFormat?: DiskFormat): Verdict | string => {
  let fd: number;
  try {
    // A pipe without a writer would otherwise wait for one.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`;
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile())
      return `${path} is not a regular file. An inspection reads at many places: save it to a file first.`;
    const options = declaredFormat === undefined ? {} : { declaredFormat };
    return inspect(fileReader(fd, found.size), options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `${path} cannot be read: ${code}.`;
  } finally {
    closeSync(fd);
  }
};
