import { readFileSync, statSync } from 'node:fs';
import { MAX_SEED_BYTES } from '../../client/seed.ts';
import { UsageError } from '../usage-error.ts';

/** The JSON of a seed file; what it says is the server's to judge. @throws UsageError */
export const readSeedFile = (path: string): unknown => {
  try {
    const file = path === '-' ? 0 : path;
    if (file !== 0 && statSync(file).size > MAX_SEED_BYTES)
      throw new UsageError(`${path} is larger than a seed may be (${MAX_SEED_BYTES} bytes).`);
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read as JSON: ${(error as Error).message}.`);
  }
};
