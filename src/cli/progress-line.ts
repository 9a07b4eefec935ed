// How far long work is: one line that is written over on a terminal, a line now and then elsewhere.
import type { Io } from './io.ts';
import { printable } from './layout.ts';

const REDRAW_MS = 100;
const LINE_MS = 10_000;
const BAR_WIDTH = 20;
const CLEAR_LINE = '\r\u001b[K';
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.5 GiB` */
export const sizeText = (sizeBytes: number): string => {
  let value = sizeBytes;
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
};

const timeText = (seconds: number): string =>
  seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

export interface ProgressLine {
  /** `doneBytes` of the whole are there. */
  show(doneBytes: number): void;
  end(): void;
}

/** @param startBytes what was there before the work began, which says nothing of its rate */
export const progressLine = (
  io: Io,
  label: string,
  wholeBytes: number,
  startBytes: number,
  nowMs: () => number = () => performance.now(),
): ProgressLine => {
  const startMs = nowMs();
  const everyMs = io.isErrTerminal ? REDRAW_MS : LINE_MS;
  let shownMs = io.isErrTerminal ? -Infinity : startMs;
  return {
    show(doneBytes) {
      const now = nowMs();
      if (now - shownMs < everyMs) return;
      shownMs = now;
      const rate = (doneBytes - startBytes) / Math.max(0.001, (now - startMs) / 1000);
      const share = wholeBytes === 0 ? 1 : doneBytes / wholeBytes;
      const filled = Math.round(share * BAR_WIDTH);
      const text = [
        printable(label),
        ...(io.isErrTerminal ? [`${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}`] : []),
        `${Math.floor(share * 100)} %`,
        `${sizeText(doneBytes)} of ${sizeText(wholeBytes)}`,
        `${sizeText(Math.max(0, Math.round(rate)))}/s`,
        ...(rate > 0 ? [`${timeText((wholeBytes - doneBytes) / rate)} left`] : []),
      ].join('  ');
      io.err(io.isErrTerminal ? `${CLEAR_LINE}${text.slice(0, io.columns - 1)}` : `${text}\n`);
    },
    end() {
      if (io.isErrTerminal) io.err(CLEAR_LINE);
    },
  };
};
