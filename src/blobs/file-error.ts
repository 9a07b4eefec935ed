/** The code of a file system error (`ENOENT`); empty for anything else. */
export const errorCode = (error: unknown): string => {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
};

/** True when the error says that the name leads to nothing that could be there. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EISDIR', 'ENXIO'].includes(errorCode(error));

/** True when a write failed for want of room: bytes, inodes or quota. */
export const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error));
