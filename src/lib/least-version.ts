/** The first SQLite without the WAL-reset bug, which can lose a write that was acknowledged. */
export const LEAST_SQLITE = [3, 51, 3] as const;

/** Whether `version` (`24.21.0`) is `least` or newer. */
export const isAtLeast = (version: string, least: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
};
