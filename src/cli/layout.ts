/** Breaks a text into lines of at most `width` characters; a longer word stands alone. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

const LEFT = 34;
const MIN_RIGHT = 30;

/** Two columns: names, and what they mean, wrapped. A long name gets a line of its own. */
export const definitions = (
  rows: readonly (readonly [name: string, text: string])[],
  columns: number,
): string => {
  const left = Math.min(LEFT, Math.max(...rows.map(([name]) => name.length)) + 2);
  const width = Math.max(MIN_RIGHT, columns - left);
  return rows
    .map(([name, text]) => {
      const lines = text === '' ? [] : wrap(text, width);
      const isLong = name.length > left - 2;
      const head = isLong ? [name] : [`${name.padEnd(left)}${lines.shift() ?? ''}`.trimEnd()];
      return [...head, ...lines.map((line) => `${' '.repeat(left)}${line}`)].join('\n');
    })
    .join('\n');
};

/** A text of a server for a terminal: what could steer the terminal is made visible. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '?');
