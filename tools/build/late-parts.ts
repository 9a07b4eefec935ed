// Modules that several entries share get a chunk for each set of entries, and everything that is loaded late is an
// entry: dozens of chunks of a few lines, each read at a server's start. The parts of a server that are loaded
// late run in a server that has started; when each of them says that it needs the start, what they share with
// it lies in one chunk.
import { resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** Rooms of what runs in a server only; the command line also runs without one. */
const ROOMS = /^src\/(operations|server|jobs|domain|blobs)\//;

/** Full paths of the server's parts that are loaded late. */
export const lateParts = ({ inputs }: Metafile, server: string): ReadonlySet<string> => {
  const atStart = new Set<string>();
  const walk = (path: string): void => {
    if (atStart.has(path)) return;
    atStart.add(path);
    for (const imported of inputs[path]?.imports ?? [])
      if (imported.kind !== 'dynamic-import') walk(imported.path);
  };
  walk(server);
  const late = Object.values(inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ kind, path }) => kind === 'dynamic-import' && ROOMS.test(path))
    .map(({ path }) => path);
  return new Set(late.filter((path) => !atStart.has(path)).map((path) => resolve(path)));
};
