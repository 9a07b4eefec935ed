import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Operation } from '../../src/operation.ts';
import type { OperationFile } from './registry.ts';

/** The operation values of a tree, in the order of its files. */
export const loadOperations = async (
  root: string,
  files: readonly OperationFile[],
): Promise<Operation[]> => {
  const loaded: Operation[] = [];
  for (const { product, action } of files) {
    const path = resolve(join(root, 'src/operations', product, `${action}.ts`));
    const module = (await import(pathToFileURL(path).href)) as Record<string, Operation>;
    const operation = module[action];
    if (operation === undefined) throw new Error(`${path} does not export ${action}`);
    if (operation.product !== product || operation.action !== action)
      throw new Error(`${path} declares ${operation.product} ${operation.action}`);
    loaded.push(operation);
  }
  return loaded;
};
