// The program that crash tests start hundreds of times: a bundle of its own, made once from the sources
// as they are, so that a start takes half a second and nobody's rebuild of dist/ comes in between.
// Where it cannot be made, the sources themselves.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));

export interface Program {
  /** What Node is given before `serve`. */
  readonly argv: readonly string[];
  readonly isBundle: boolean;
  remove(): void;
}

export const buildProgram = (): Program => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bundle-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const name of ['src', 'node_modules', 'package.json'])
      symlinkSync(join(ROOT, name), join(folder, name));
    execFileSync(process.execPath, [join(ROOT, 'tools/build.ts')], { cwd: folder, stdio: 'pipe' });
    const start = join(folder, 'start.mjs');
    writeFileSync(
      start,
      `import { main } from './dist/main.js';\nawait main(process.argv.slice(2));\n`,
    );
    return { argv: [start], isBundle: true, remove };
  } catch {
    remove();
    return { argv: [join(ROOT, 'bin/kindred.js')], isBundle: false, remove: () => undefined };
  }
};
