// Parts that every build of the program shares: how Node's own modules are reached, the worker threads, and
// the forms of the text that esbuild writes.
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import type { BuildOptions, Plugin } from 'esbuild';

/**
 * Node's own modules by `process.getBuiltinModule`. An `import` of one reads every export at once, and
 * some are getters that load much more (http's WebSocket loads a whole HTTP client, crypto's webcrypto
 * all its algorithms); a property read loads what is used. In our sources the call stands in place of
 * the import, so that no chunk is made for it; packages reach it by a module of one line.
 * @param prefix what stands before the text of a source file
 */
export const builtins = (prefix: (path: string) => string = () => ''): Plugin => ({
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const names = new Set(builtinModules);
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: `${prefix(path)}${await readFile(path, 'utf8')}`
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
});

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

/** Entries of worker threads: name of the file → its source. */
export const WORKERS: Readonly<Record<string, string>> = {
  'ingest-worker': 'src/jobs/ingest-worker.ts',
  'verify-worker': 'src/jobs/verify-worker.ts',
  'checkpoint-worker': 'src/store/sqlite/checkpoint-worker.ts',
  'database-copy-worker': 'src/store/sqlite/database-copy-worker.ts',
  'hash-worker': 'src/blobs/hash-worker.ts',
};

/** Names are kept: they stand in stack traces, and some packages look at them. */
export const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};
