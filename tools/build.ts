// Bundles the program into dist/: one entry, its workers, and chunks that are loaded when they are
// first needed. Start-up is what this is for: sources load module by module, a bundle in one read.
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { build, type Plugin } from 'esbuild';
import { makeTemplate, TEMPLATE_FILE } from '../src/store/sqlite/template.ts';

/**
 * Node's own modules by `process.getBuiltinModule`. An `import` of one reads every export at once, and
 * some are getters that load much more (http's WebSocket loads a whole HTTP client, crypto's webcrypto
 * all its algorithms); a property read loads what is used. In our sources the call stands in place of
 * the import, so that no chunk is made for it; packages reach it by a module of one line.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const names = new Set(builtinModules);
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replace(NAMED_IMPORT, readBuiltin)
        .replace(DYNAMIC_IMPORT, "process.getBuiltinModule('$1')"),
      loader: 'ts',
    }));
    onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      return path.startsWith('node:') || names.has(name)
        ? { path: `node:${name}`, namespace: 'builtin' }
        : null;
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}')`,
      loader: 'js',
    }));
  },
};

const DYNAMIC_IMPORT = /await import\('(node:[a-z_/0-9]+)'\)/g;
const NAMED_IMPORT = /^import \{([^}]*)\} from '(node:[a-z_/0-9]+)';$/gm;

/** `import { a, b as c, type D } from 'node:x'` → a property read of `a` and `b`. */
const readBuiltin = (_: string, list: string, module: string): string => {
  const values = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && !entry.startsWith('type '))
    .map((entry) => entry.replace(' as ', ': '));
  return `const { ${values.join(', ')} } = process.getBuiltinModule('${module}');`;
};

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    main: 'src/cli/main.ts',

    'ingest-worker': 'src/jobs/ingest-worker.ts',
    'verify-worker': 'src/jobs/verify-worker.ts',
    'checkpoint-worker': 'src/store/sqlite/checkpoint-worker.ts',
    'database-copy-worker': 'src/store/sqlite/database-copy-worker.ts',
    'hash-worker': 'src/blobs/hash-worker.ts',
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
  external: ['fastify', 'prom-client', '@alicloud/*', '@aws-sdk/*'],
  banner: {
    js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
  },
  plugins: [builtins],
  legalComments: 'linked',
  logLevel: 'warning',
});
writeFileSync(`dist/${TEMPLATE_FILE}`, makeTemplate());
