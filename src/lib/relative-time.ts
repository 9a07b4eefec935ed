const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `-30d`, `-90m`: so many milliseconds, below zero; undefined for any other text. */
export const relativeMs = (text: string): number | undefined => {
  const [, count, unit = ''] = /^-(\d{1,9})([smhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : -Number(count) * UNIT_MS[unit]!;
};
