// Bundles the program into dist/: one entry, its workers, and chunks that are loaded when they are
// first needed. Start-up is what this is for: sources load module by module, a bundle in one read.
import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { builtins, COMMON, WORKERS } from './build/common.ts';
import { makeTemplate, TEMPLATE_FILE } from '../src/store/sqlite/template.ts';
import { bundledPackages, licenceTexts } from './build/licences.ts';
import { buildTypes } from './build/types.ts';

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
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
  plugins: [builtins],
  legalComments: 'linked',
  metafile: true,
});
writeFileSync('dist/licences.txt', licenceTexts('.', bundledPackages(metafile)));
writeFileSync(`dist/${TEMPLATE_FILE}`, makeTemplate());
buildTypes();
