import { printable } from './layout.ts';

const GAP = 2;
/** Scripts whose letters take two columns of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u;

export const displayWidth = (text: string): number => {
  let width = 0;
  for (const char of text) width += WIDE.test(char) ? 2 : 1;
  return width;
};

const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));

export interface TableResult {
  /** Lines with a newline each. */
  text: string;
  /** Columns that found no room. */
  hidden: string[];
}

/**
 * Draws rows under the names of their columns. Columns come in order of importance: those that find no
 * room any more in `width` are left out, but never the first.
 */
export const renderTable = (
  names: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): TableResult => {
  const cells = rows.map((row) => row.map(printable));
  const widths = names.map((name, i) =>
    Math.max(displayWidth(name), ...cells.map((row) => displayWidth(row[i] ?? ''))),
  );
  let left = width;
  const shown = names
    .map((_, i) => i)
    .filter((i) => {
      const fits = i === 0 || widths[i]! + GAP <= left;
      if (fits) left -= widths[i]! + GAP;
      return fits;
    });
  const line = (row: readonly string[]): string =>
    `${shown
      .map((i) => pad(row[i] ?? '', widths[i]! + GAP))
      .join('')
      .trimEnd()}\n`;
  return {
    text: [names, ...cells].map(line).join(''),
    hidden: names.filter((_, i) => !shown.includes(i)),
  };
};
