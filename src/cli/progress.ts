// How far long work is: a bar on a terminal, a line now and then where there is none, nothing at all
// for work that is done at once.
import type { Io } from './io.ts';

const BAR_WIDTH = 24;
const EVERY_MS = 200;
/** Without a terminal a line tells the same, for logs. */
const LINE_EVERY_MS = 15_000;
const CLEAR_LINE = '\r\u001b[K';
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export interface Progress {
  /** `doneBytes` in all. */
  at(doneBytes: number): void;
  /** Takes the bar away; what is said next begins a line. */
  end(): void;
}

/** `1.5 GiB`, three digits at most before the point. */
export const bytesText = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
};

/** `1:02:03`, `2:03`. */
export const durationText = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
};

/**
 * @param doneBytes what an earlier attempt has done, which does not count for the rate
 * @param nowMs monotonic clock
 */
export const makeProgress = (
  io: Io,
  label: string,
  totalBytes: number,
  doneBytes = 0,
  nowMs: () => number = () => performance.now(),
): Progress => {
  const startedMs = nowMs();
  let shownMs = io.isErrTerminal ? -Infinity : startedMs;
  let isShown = false;
  return {
    at(bytes) {
      const elapsedMs = nowMs() - startedMs;
      const everyMs = io.isErrTerminal ? EVERY_MS : LINE_EVERY_MS;
      if (nowMs() - shownMs < everyMs) return;
      shownMs = nowMs();
      isShown = true;
      const text = progressText({
        label,
        bytes,
        totalBytes,
        newBytes: bytes - doneBytes,
        elapsedMs,
      });
      if (io.isErrTerminal) io.err(`${CLEAR_LINE}${text.slice(0, Math.max(20, io.columns - 1))}`);
      else io.err(`${text}\n`);
    },
    end() {
      if (isShown && io.isErrTerminal) io.err(CLEAR_LINE);
      isShown = false;
    },
  };
};

const progressText = (state: {
  label: string;
  bytes: number;
  totalBytes: number;
  newBytes: number;
  elapsedMs: number;
}): string => {
  const { label, bytes, totalBytes, newBytes, elapsedMs } = state;
  const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}`;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const perMs = elapsedMs > 0 ? newBytes / elapsedMs : 0;
  const rate = perMs > 0 ? `  ${bytesText(perMs * 1000)}/s` : '';
  const left = perMs > 0 ? `  ${durationText((totalBytes - bytes) / perMs)} left` : '';
  return `${label} [${bar}]${percent}  ${bytesText(bytes)} of ${bytesText(totalBytes)}${rate}${left}`;
};
