/** `web-[1,3]-blue`: what stands before, the first number, its digits, what stands after. */
const PATTERN = /^(?<before>.*)\[(?<first>\d{0,6}),(?<digits>[1-6]?)\](?<after>.*)$/su;

/**
 * The name of the `i`th (from 0) of `amount` things that are made by one call: numbered by the pattern in
 * the name, or by `001`, `002`, … when a unique suffix is asked for, else the same for all.
 */
export const orderedName = (
  name: string,
  i: number,
  { amount, uniqueSuffix }: { amount: number; uniqueSuffix: boolean },
): string => {
  const found = PATTERN.exec(name)?.groups;
  if (found !== undefined) {
    const { before = '', first = '', digits = '', after = '' } = found;
    const number = String(Number(first === '' ? 0 : first) + i);
    return `${before}${number.padStart(digits === '' ? 6 : Number(digits), '0')}${after}`;
  }
  return uniqueSuffix && amount > 1 ? `${name}${String(i + 1).padStart(3, '0')}` : name;
};

/** The name without the pattern, to be checked by the rules of names. */
export const withoutPattern = (name: string): string =>
  name.replace(PATTERN, (whole) => orderedName(whole, 0, { amount: 1, uniqueSuffix: false }));
