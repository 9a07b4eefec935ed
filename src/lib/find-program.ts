import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** The path of an installed program; undefined when no absolute folder of `searchPath` has it. */
export const findProgram = async (
  name: string,
  searchPath = process.env.PATH ?? '',
): Promise<string | undefined> => {
  for (const folder of searchPath.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
};
