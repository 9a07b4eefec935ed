// Runs an image archive without a container engine, as one would: its layers unpacked, its user, its
// environment, its entry point, process 1 of its own namespace, the root file system read-only, the volume
// mounted. Needs root, which namespaces and the other user take. The network is this machine's.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ImageConfig } from '../../tools/container/containerfile.ts';

export interface Image {
  config: ImageConfig;
  architecture: string;
  diffIds: readonly string[];
  /** Of the packed layers, in order. */
  layerPaths: readonly string[];
}

/** Unpacks the archive into `folder`/image, and checks nothing. */
export const readImage = (archive: string, folder: string): Image => {
  const unpacked = join(folder, 'image');
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xf', archive, '-C', unpacked]);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(unpacked, name), 'utf8'));
  const [manifest] = read('manifest.json') as { Config: string; Layers: string[] }[];
  const image = read(manifest!.Config) as {
    architecture: string;
    config: ImageConfig;
    rootfs: { diff_ids: string[] };
  };
  return {
    config: image.config,
    architecture: image.architecture,
    diffIds: image.rootfs.diff_ids,
    layerPaths: manifest!.Layers.map((name) => join(unpacked, name)),
  };
};

/** Why this machine cannot run one; undefined when it can. */
export const whyNoContainer = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root may start a container here';
  const { error, status } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']);
  if (error !== undefined) return 'unshare (util-linux) is not installed';
  return status === 0 ? undefined : 'this machine allows no namespaces';
};

/** $1 the root, $2 the folder behind the volume, $3 user:group, then variables, then `--` and the words. */
const ENTER = `
root=$1 data=$2 user=$3; shift 3
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
chmod 1777 "$root/tmp"
mount --bind "$data" "$root/data"
mount -o remount,bind,ro "$root"
chroot=$(command -v chroot)
exec env -i "$@"
`;

export interface Container {
  /** Of its ready line. */
  url: string;
  process: ChildProcess;
  /** The user that process 1 is, as numbers of this machine. */
  userId(): number;
  /** SIGTERM to process 1; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Its health check, as an engine would run it. */
  checkHealth(): { status: number | null; stdout: string; stderr: string };
}

/** The root of the image and the folder behind its volume, which its user owns. */
const unpack = (image: Image, folder: string): { root: string; data: string } => {
  const root = join(folder, 'root');
  const data = join(folder, 'volume');
  for (const path of [root, data]) mkdirSync(path);
  for (const path of image.layerPaths)
    execFileSync('tar', ['-xpf', path, '--numeric-owner', '-C', root]);
  mkdirSync(join(root, 'proc'));
  const [uid = NaN, gid = NaN] = (image.config.User ?? '').split(':').map(Number);
  chownSync(data, uid, gid);
  return { root, data };
};

/** Unpacks the layers and starts the image; `env` is what `-e` of an engine would add. */
export const startContainer = async (
  image: Image,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Container> => {
  const { root, data } = unpack(image, folder);
  const user = image.config.User ?? '';
  const variables = [...image.config.Env, ...Object.entries(env).map((pair) => pair.join('='))];
  const chroot = execFileSync('sh', ['-c', 'command -v chroot'], { encoding: 'utf8' }).trim();
  const inside = (words: readonly string[]): string[] => [
    ...variables,
    chroot,
    `--userspec=${user}`,
    root,
    ...words,
  ];
  const { Entrypoint = [], Cmd = [], Healthcheck } = image.config;
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-euc',
      ENTER,
      'sh',
      root,
      data,
      user,
      ...inside([...Entrypoint, ...Cmd]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (text) => (log = (log + String(text)).slice(-4_000)));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await readyUrl(child.stdout, exited, () => log);
  // Process 1 of the namespace is the one child of `unshare`.
  const first = (): number =>
    Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
  return {
    url,
    process: child,
    userId: () =>
      Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${first()}/status`, 'utf8'))?.[1]),
    stop() {
      process.kill(first(), 'SIGTERM');
      return exited;
    },
    checkHealth() {
      const [, ...words] = Healthcheck?.Test ?? [];
      const { status, stdout, stderr } = spawnSync('env', ['-i', ...inside(words)], {
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    },
  };
};

const readyUrl = async (
  stdout: NodeJS.ReadableStream,
  exited: Promise<number | null>,
  log: () => string,
): Promise<string> => {
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const [, url] = /^kindred ready on (.+)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const over = exited.then((code): never => {
    throw new Error(`the container ended with ${code}\n${log()}`);
  });
  return Promise.race([ready, over]);
};
