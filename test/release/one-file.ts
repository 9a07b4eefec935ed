import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const ROOT = new URL('../..', import.meta.url).pathname;

/** An empty folder that goes when the test ends. */
export const makeFolder = (t: { after(fn: () => void): void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-release-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Makes the one-file program as anybody does, in a few seconds. @returns its path */
export const buildOneFile = (folder: string): string => {
  const args = ['tools/build-binary.ts', '--to', folder];
  execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return join(folder, `kindred-linux-${process.arch}`);
};

export const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};
