// The declarations of `kindred/testing` for the package: those of the types that it speaks of, and no others.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const buildTypes = (): void => {
  // In the checkout, where the types of Node.js are found.
  const folder = mkdtempSync('.types-');
  try {
    const config = {
      extends: resolve('tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: resolve('src'),
        outDir: resolve('dist/types'),
      },
      files: [resolve('src/testing/test-kindred.ts')],
      include: [],
    };
    const path = join(folder, 'tsconfig.json');
    writeFileSync(path, JSON.stringify(config));
    execFileSync('node_modules/.bin/tsc', ['--project', path], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true });
  }
  writeFileSync(
    'dist/testing.d.ts',
    `import type { StartKindred } from './types/testing/test-kindred.ts';
  export type * from './types/testing/test-kindred.ts';
  /** Ready when it resolves. Close it, or declare it with \`await using\`. */
  export declare const startKindred: StartKindred;
  `,
  );
};
