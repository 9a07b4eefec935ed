// Pages and lists that name tests: whether each is there, so that neither a renamed test nor a removed one
// leaves a promise behind.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, testNamesOf } from './tree.ts';

export type NamedTest = readonly [path: string, name: string];

/** Those whose file is not there, or declares no test of that name. */
export const missingTests = (named: readonly NamedTest[]): NamedTest[] => {
  const names = new Map<string, ReadonlySet<string>>();
  return named.filter(([path, name]) => {
    if (!existsSync(join(ROOT, path))) return true;
    if (!names.has(path)) names.set(path, testNamesOf(path));
    return !names.get(path)!.has(name);
  });
};
