// Makes the container image without a container engine: release/kindred-image-linux-x64.tar, which
// `docker load`, `podman load` and containerd read, out of the one-file program and the lines of the
// Containerfile. The same program and libraries give the same bytes. It leaves release/rootfs and release/data,
// from which a builder makes the same image (see the Containerfile). `--program FILE` takes a program that is
// there already, `--to DIR` puts everything elsewhere.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readContainerfile, type Containerfile } from './container/containerfile.ts';
import { makeRootfs } from './container/rootfs.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
/** Nothing in an image says when it was made: that would make another image of it. */
const NO_TIME = '1970-01-01T00:00:00Z';
const MAX_TAR_BYTES = 512 * 1024 * 1024;

const main = (): number => {
  const { values } = parseArgs({
    options: { program: { type: 'string' }, to: { type: 'string', default: 'release' } },
  });
  const architecture = ARCHITECTURES[process.arch];
  if (process.platform !== 'linux' || architecture === undefined) {
    console.error(
      `images are made on Linux x64 and arm64; this is ${process.platform} ${process.arch}`,
    );
    return 2;
  }
  const folder = resolve(root, values.to);
  mkdirSync(folder, { recursive: true });
  const program = values.program ?? buildProgram(folder);
  makeRootfs(resolve(program), folder);
  const containerfile = readContainerfile(readFileSync(join(root, 'Containerfile'), 'utf8'));
  const scratch = mkdtempSync(join(folder, '.making-'));
  try {
    const made = writeImage({ containerfile, architecture, folder, scratch });
    const path = join(folder, `kindred-image-linux-${process.arch}.tar`);
    renameSync(made.path, path);
    console.log(
      `${relative(process.cwd(), path)}: sha256:${made.id}, ${made.sizeBytes} bytes unpacked`,
    );
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const buildProgram = (folder: string): string => {
  const args = [join(root, 'tools/build-binary.ts'), '--to', folder];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return join(folder, `kindred-linux-${process.arch}`);
};

interface ImageParts {
  containerfile: Containerfile;
  architecture: string;
  /** Has what the Containerfile copies. */
  folder: string;
  scratch: string;
}

/** One layer for each COPY. */
const writeImage = ({ containerfile, architecture, folder, scratch }: ImageParts) => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const layers = containerfile.copies.map(({ from, to, owner }) => {
    const bytes = tar(join(folder, from), ['.'], owner ?? '0:0', to);
    const digest = sha256(bytes);
    // The layers are packed and the archive is not: some readers want to find its members by seeking.
    const name = `${digest}.tar.gz`;
    writeFileSync(join(scratch, name), gzipSync(bytes));
    return { name, digest, sizeBytes: bytes.length };
  });
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    created: NO_TIME,
    config: containerfile.config,
    rootfs: {
      type: 'layers',
      diff_ids: layers.map(({ digest }) => `sha256:${digest}`),
    },
    history: containerfile.copies.map(({ from, to }) => ({
      created: NO_TIME,
      created_by: `COPY ${from}/ ${to}`,
    })),
  });
  const id = sha256(config);
  const manifest = [
    {
      Config: `${id}.json`,
      RepoTags: [`kindred:${version}`, 'kindred:latest'],
      Layers: layers.map(({ name }) => name),
    },
  ];
  writeFileSync(join(scratch, `${id}.json`), config);
  writeFileSync(join(scratch, 'manifest.json'), JSON.stringify(manifest));
  // In this order a reader knows at once what follows.
  const members = ['manifest.json', `${id}.json`, ...layers.map(({ name }) => name)];
  const path = join(scratch, 'image.tar');
  writeFileSync(path, tar(scratch, members, '0:0'));
  return { path, id, sizeBytes: layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
};

/** Sorted, without times and names of users: the same files give the same bytes. @param owner uid:gid */
const tar = (folder: string, members: readonly string[], owner: string, under = '/'): Buffer => {
  const [user, group] = owner.split(':');
  const args = ['--create', '--sort=name', '--format=ustar', '--mtime=@0', '--numeric-owner'];
  const place = `--transform=s,^\\./,${under.slice(1)},;s,^\\.$,${under.slice(1) || './'},`;
  return execFileSync(
    'tar',
    [...args, `--owner=${user}`, `--group=${group}`, place, '-C', folder, ...members],
    { maxBuffer: MAX_TAR_BYTES },
  );
};

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

process.exitCode = main();
