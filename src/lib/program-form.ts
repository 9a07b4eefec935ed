// The three forms of the program: its sources in a checkout, the bundle of the package, and the one file with
// Node inside, whose other files are assets of it.

export type ProgramForm = 'sources' | 'bundle' | 'one file';

/** What `import.meta.url` is in the one-file program; its build (tools/binary) sets it. */
const ONE_FILE = 'kindred-program:';

/** @param url `import.meta.url` of any file of the program */
export const programForm = (url: string): ProgramForm =>
  url.startsWith(ONE_FILE) ? 'one file' : url.endsWith('.ts') ? 'sources' : 'bundle';

/** A file inside the one-file program. @throws Error when it has no such file */
export const readAsset = (name: string): Uint8Array =>
  new Uint8Array(process.getBuiltinModule('node:sea').getRawAsset(name));

/** The same of a file that its build has packed. */
export const readPackedAsset = (name: string): Uint8Array =>
  process.getBuiltinModule('node:zlib').zstdDecompressSync(readAsset(name));
