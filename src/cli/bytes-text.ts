import type { Io } from './io.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const CLEAR_LINE = '\r\u001b[K';
const BAR_COLUMNS = 24;
/** Without a terminal a line comes so often. */
const LINE_EVERY_MS = 30_000;

/** `1.5 GiB` */
export const bytesText = (bytes: number): string => {
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
};

/** A bar on a terminal, a line now and then elsewhere; without a text it is cleared away. */
export const progressLine = (
  io: Io,
): ((text?: string, doneBytes?: number, totalBytes?: number) => void) => {
  let toldMs = performance.now();
  return (text = '', doneBytes = 0, totalBytes = 0) => {
    const part = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
    const sizes = totalBytes > 0 ? ` ${bytesText(doneBytes)} of ${bytesText(totalBytes)}` : '';
    if (io.isErrTerminal) {
      const filled = Math.round(part * BAR_COLUMNS);
      const bar =
        totalBytes > 0 ? ` [${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}]` : '';
      io.err(text === '' ? CLEAR_LINE : `${CLEAR_LINE}${text}${bar}${sizes}`);
    } else if (text !== '' && performance.now() - toldMs > LINE_EVERY_MS) {
      toldMs = performance.now();
      io.err(`${text}${sizes}\n`);
    }
  };
};
