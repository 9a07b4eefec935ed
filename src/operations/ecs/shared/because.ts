/** Rows of `cannotOccur` that share one reason. */
export const because = (reason: string, rows: readonly string[]): Record<string, string> =>
  Object.fromEntries(rows.map((row) => [row, reason]));
