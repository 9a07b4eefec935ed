// Makes the one-file program for the machine it runs on: release/kindred-linux-x64 (or -arm64). That is the
// running Node.js, without its symbols, with Kindred inside (Node's single executable application). Nothing
// is downloaded. Two builds differ in what V8 compiled beforehand, which it orders by hashes that begin at
// random, and in nothing else. `--to DIR` puts it elsewhere.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zstdCompressSync } from 'node:zlib';
import { makeBundle } from './binary/bundle.ts';
import { licenceTexts } from './build/licences.ts';

/** By this mark Node finds out that a program is inside; it stands in Node's documentation. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const BLOB = 'NODE_SEA_BLOB';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const main = async (): Promise<number> => {
  const { platform, arch, execPath } = process;
  if (platform !== 'linux') {
    console.error(`the one-file program is made on Linux; this is ${platform}`);
    return 2;
  }
  const { values } = parseArgs({ options: { to: { type: 'string', default: 'release' } } });
  const folder = resolve(root, values.to);
  mkdirSync(folder, { recursive: true });
  // Beside the result, so that it is renamed into its place whole.
  const scratch = mkdtempSync(join(folder, '.making-'));
  try {
    const blob = await makeBlob(scratch);
    const program = join(scratch, 'kindred');
    takeNode(execPath, program);
    inject(program, blob);
    const made = join(folder, `kindred-${platform}-${arch}`);
    renameSync(program, made);
    console.log(`${relative(process.cwd(), made)}: ${statSync(made).size} bytes`);
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const makeBlob = async (scratch: string): Promise<string> => {
  const { main: script, assets, packages } = await makeBundle(root);
  const put = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(scratch, name), content);
    return name;
  };
  const licences = licenceTexts(root, packages, {
    [`Node.js ${process.versions.node}`]: readFileSync(nodeLicence(), 'utf8'),
  });
  const config = {
    main: put('kindred.js', script),
    output: 'blob',
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: Object.fromEntries(
      [...assets, ['licences', zstdCompressSync(licences)] as const].map(([name, bytes]) => [
        name,
        put(name, bytes),
      ]),
    ),
  };
  // Node writes the name of the script into the program: a plain one, wherever this is made.
  execFileSync(
    process.execPath,
    ['--experimental-sea-config', put('config.json', JSON.stringify(config))],
    { cwd: scratch, stdio: 'pipe' },
  );
  return join(scratch, config.output);
};

/** Node's own licence lies beside it, in its archives as in its packages. */
const nodeLicence = (): string => join(dirname(dirname(process.execPath)), 'LICENSE');

/** A copy of Node without symbols, which are a seventh of it. */
const takeNode = (node: string, to: string): void => {
  try {
    execFileSync('strip', ['-o', to, node], { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.error('strip (binutils) is not installed: the program keeps the symbols of Node.js');
    copyFileSync(node, to);
  }
};

const inject = (program: string, blob: string): void => {
  const require = createRequire(import.meta.url);
  const postject = join(dirname(require.resolve('postject/package.json')), 'dist', 'cli.js');
  // It warns of every section name of Node; what it says is shown only when it fails.
  execFileSync(process.execPath, [postject, program, BLOB, blob, '--sentinel-fuse', FUSE], {
    stdio: 'pipe',
  });
  chmodSync(program, 0o755);
};

process.exitCode = await main();
