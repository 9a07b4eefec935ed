// The texts that go into the one-file program: the program itself as one script, which Node compiles
// beforehand, the worker threads, and packages that are large and seldom wanted: packed, and read when a module
// asks for one of them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { makeTemplate, TEMPLATE_FILE } from '../../src/store/sqlite/template.ts';
import { builtins, COMMON, WORKERS } from '../build/common.ts';
import { bundledPackages } from '../build/licences.ts';

/** What the command line knows of every operation: packed as well, since no server needs it. */
const DATA = 'data.json';
/** Packages that share an asset, by its name. */
const PACKED: Readonly<Record<string, readonly string[]>> = {
  fastify: ['fastify'],
  pki: ['asn1js', 'pkijs'],
  'sdk-s3': ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'],
  'sdk-ecs': [
    '@alicloud/ecs20140526',
    '@alicloud/ecs20140526/package.json',
    '@alicloud/openapi-core',
  ],
};

export interface Bundle {
  /** The script that runs first. */
  main: string;
  /** Name → bytes. */
  assets: ReadonlyMap<string, Uint8Array>;
  /** Folders of the packages inside. */
  packages: readonly string[];
}

interface Made {
  text: string;
  metafile: Metafile;
}

export const makeBundle = async (root: string): Promise<Bundle> => {
  const program = await script(root, {
    entryPoints: [join(root, 'tools/binary/entry.ts')],
    plugins: [unpack, builtins()],
  });
  const assets = new Map<string, Uint8Array>();
  const made: Made[] = [program];
  for (const [name, source] of Object.entries(WORKERS)) {
    const worker = await script(root, {
      entryPoints: [join(root, source)],
      plugins: [unpack, builtins()],
    });
    assets.set(`${name}.js`, Buffer.from(worker.text));
    made.push(worker);
  }
  for (const [name, packages] of Object.entries(PACKED)) {
    const members = packages.map(
      (one) => `${JSON.stringify(one)}: require(${JSON.stringify(one)})`,
    );
    const sdk = await script(root, {
      stdin: { contents: `module.exports = { ${members.join(', ')} };`, resolveDir: root },
      plugins: [builtins()],
      minifyIdentifiers: true,
    });
    assets.set(name, zstdCompressSync(sdk.text));
    made.push(sdk);
  }
  assets.set(TEMPLATE_FILE, zstdCompressSync(makeTemplate()));
  assets.set(DATA, zstdCompressSync(await readFile(join(root, 'src/client', DATA))));
  return {
    main: program.text,
    assets,
    packages: bundledPackages(...made.map(({ metafile }) => metafile)),
  };
};

const script = async (root: string, options: BuildOptions): Promise<Made> => {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    ...options,
    absWorkingDir: root,
    format: 'cjs',
    write: false,
    metafile: true,
    legalComments: 'none',
    // By this the program knows its form (src/lib/program-form.ts).
    define: { 'import.meta.url': '"kindred-program:"' },
  });
  return { text: asAscii(outputFiles[0]!.text), metafile };
};

/** Letters beyond ASCII are left in regular expressions only; one would double the memory of the whole text. */
const asAscii = (text: string): string =>
  text.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const UNPACK = (asset: string): string => `
const { getRawAsset } = process.getBuiltinModule('node:sea');
const { zstdDecompressSync } = process.getBuiltinModule('node:zlib');
const text = zstdDecompressSync(Buffer.from(getRawAsset('${asset}'))).toString();
`;

const RUN = (asset: string): string => `${UNPACK(asset)}
const own = (name) => {
  const found = process.getBuiltinModule(name);
  if (found !== undefined) return found;
  throw Object.assign(new Error('Cannot find module ' + name), { code: 'MODULE_NOT_FOUND' });
};
const { compileFunction } = process.getBuiltinModule('node:vm');
compileFunction(text, ['module', 'require'], { filename: '${asset}' })(module, own);
`;

/** A packed package, and the data, by their assets. */
const unpack: Plugin = {
  name: 'unpack',
  setup({ onResolve, onLoad }) {
    const assetOf = new Map(
      Object.entries(PACKED).flatMap(([asset, names]) => names.map((name) => [name, asset])),
    );
    onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      assetOf.has(path) ? { path, namespace: 'packed' } : null,
    );
    onResolve({ filter: /^asset:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'asset' }));
    onLoad({ filter: /.*/, namespace: 'packed' }, ({ path }) => ({
      contents: `module.exports = require('asset:${assetOf.get(path)}')[${JSON.stringify(path)}];`,
      loader: 'js',
    }));
    onLoad({ filter: /\/src\/client\/data\.json$/ }, () => ({
      contents: `${UNPACK(DATA)} module.exports = JSON.parse(text);`,
      loader: 'js',
    }));
    onLoad({ filter: /.*/, namespace: 'asset' }, ({ path }) => ({
      contents: RUN(path),
      loader: 'js',
    }));
  },
};
