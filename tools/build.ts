// Bundles the program into dist/: one entry, its workers, and chunks that are loaded when they are
// first needed. Start-up is what this is for: sources load module by module, a bundle in one read.
import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { builtins, COMMON, WORKERS } from './build/common.ts';
import { makeTemplate, TEMPLATE_FILE } from '../src/store/sqlite/template.ts';
import { lateParts } from './build/late-parts.ts';
import { bundledPackages, licenceTexts } from './build/licences.ts';
import { buildTypes } from './build/types.ts';

/** What is loaded when a server starts, by its imports. */
const SERVER = 'src/cli/serve.ts';

rmSync('dist', { recursive: true, force: true });
const options = {
  ...COMMON,
  entryPoints: { main: 'src/cli/main.ts', testing: 'src/testing/start-kindred.ts', ...WORKERS },
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  // Loaded on first use and large: they stay packages of their own.
  external: ['fastify', 'prom-client', '@alicloud/*', '@aws-sdk/*'],
  banner: {
    js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
  },
  legalComments: 'linked',
  metafile: true,
} satisfies BuildOptions;
const looked = await build({ ...options, plugins: [builtins()], write: false });
const late = lateParts(looked.metafile, SERVER);
const { metafile } = await build({
  ...options,
  plugins: [builtins((path) => (late.has(path) ? `import '${resolve(SERVER)}';\n` : ''))],
});
writeFileSync('dist/licences.txt', licenceTexts('.', bundledPackages(metafile)));
writeFileSync(`dist/${TEMPLATE_FILE}`, makeTemplate());
buildTypes();
