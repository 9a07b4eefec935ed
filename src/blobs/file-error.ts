/** The code of a file system error (`ENOENT`); empty for anything else. */
export const errorCode = (error: unknown): string => {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
};

/** True when the error says that the name leads to nothing that could be there. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EISDIR', 'ENXIO'].includes(errorCode(error));

/**
 * Which end of some work the system refused us for want of a right: what is opened or looked at is a
 * source, what is made, renamed or removed a target, and so is everything on a read-only file system.
 */
export const deniedEnd = (error: unknown): 'source' | 'target' | undefined => {
  const code = errorCode(error);
  if (code === 'EROFS') return 'target';
  if (code !== 'EACCES' && code !== 'EPERM') return undefined;
  const { syscall = '' } = error as NodeJS.ErrnoException; // it has a code, so it is one
  return /^(open|stat|lstat|realpath|scandir|read|access)/.test(syscall) ? 'source' : 'target';
};

/** True when a write failed for want of room: bytes, inodes or quota. */
export const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error));
