// Bundles the program into dist/: one entry, its workers, and chunks that are loaded when they are
// first needed. Start-up is what this is for: sources load module by module, a bundle in one read.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    main: 'src/cli/main.ts',
    'ingest-worker': 'src/jobs/ingest-worker.ts',
    'checkpoint-worker': 'src/store/sqlite/checkpoint-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  // Loaded on first use and large: they stay packages of their own.
  external: ['fastify', 'prom-client', '@alicloud/*'],
  banner: {
    js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
