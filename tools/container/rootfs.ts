// The files of the image, in a folder: the one-file program, the libraries that it names, and the few files that
// a C library looks for. Libraries come from the machine that makes the image, at the paths where its loader
// found them, with the terms that they come under.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const PROGRAM_PATH = 'usr/local/bin/kindred';

const USER_ID = 65_532;
const ETC: Readonly<Record<string, string>> = {
  passwd: `root:x:0:0:root:/:/nologin\nkindred:x:${USER_ID}:${USER_ID}:kindred:/data:/nologin\n`,
  group: `root:x:0:\nkindred:x:${USER_ID}:\n`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};
/** Where Debian keeps the terms of a package. */
const TERMS = '/usr/share/doc';
const PACKAGES = ['libc6', 'libstdc++6', 'libgcc-s1'];

const DIRECTORY = 0o755;
const FILE = 0o644;
const PROGRAM = 0o755;
/** For everybody, and each may remove only what is his own. */
const TEMPORARY = 0o1777;
const PRIVATE = 0o700;

/** @param folder becomes what the Containerfile copies from: `rootfs` and `data` */
export const makeRootfs = (program: string, folder: string): void => {
  const rootfs = join(folder, 'rootfs');
  for (const name of ['rootfs', 'data'])
    rmSync(join(folder, name), { recursive: true, force: true });
  makeDirectory(join(folder, 'data'), PRIVATE);
  makeDirectory(rootfs, DIRECTORY);
  makeDirectory(join(rootfs, 'tmp'), TEMPORARY);
  put(rootfs, PROGRAM_PATH, program, PROGRAM);
  for (const path of librariesOf(program)) put(rootfs, path, path, PROGRAM);
  for (const name of PACKAGES) {
    const terms = join(TERMS, name, 'copyright');
    if (existsSync(terms)) put(rootfs, terms, terms, FILE);
  }
  makeDirectory(join(rootfs, 'etc'), DIRECTORY);
  for (const [name, text] of Object.entries(ETC)) {
    writeFileSync(join(rootfs, 'etc', name), text);
    chmodSync(join(rootfs, 'etc', name), FILE);
  }
};

/** Modes are set, not left to the umask. Parents that are made on the way get them too. */
const makeDirectory = (path: string, mode: number): void => {
  if (existsSync(path)) return;
  if (!existsSync(dirname(path))) makeDirectory(dirname(path), DIRECTORY);
  mkdirSync(path);
  chmodSync(path, mode);
};

const put = (rootfs: string, path: string, from: string, mode: number): void => {
  const to = join(rootfs, path);
  makeDirectory(dirname(to), DIRECTORY);
  copyFileSync(from, to);
  chmodSync(to, mode);
};

/** Absolute paths of the loader and of every library that it would load. */
const librariesOf = (program: string): string[] => {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  if (listed.includes('not found'))
    throw new Error(`${basename(program)} lacks libraries: ${listed}`);
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!).toSorted();
};
