import type { Io } from './io.ts';

const BAR_COLUMNS = 30;
const DRAW_MS = 100;
/** Where there is no terminal, a line so often. */
const LINE_MS = 10_000;
const CLEAR_LINE = '\r\u001b[K';
const MIB = 1024 * 1024;

export interface Progress {
  add(bytes: number): void;
  end(): void;
}

/** A bar on a terminal; elsewhere a line now and then. @param doneBytes what was there before */
export const makeProgress = (
  io: Pick<Io, 'err' | 'isErrTerminal'>,
  file: string,
  totalBytes: number,
  doneBytes: number,
): Progress => {
  const startMs = performance.now();
  let done = doneBytes;
  let drawnMs = startMs;
  const figures = (): string => {
    const seconds = Math.max(0.001, (performance.now() - startMs) / 1000);
    const speed = (done - doneBytes) / MIB / seconds;
    const percent = totalBytes === 0 ? 100 : Math.floor((done / totalBytes) * 100);
    const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
    return `${percent}% ${mib(done)}/${mib(totalBytes)} MiB ${speed.toFixed(1)} MiB/s`;
  };
  const bar = (): string => {
    const filled = totalBytes === 0 ? BAR_COLUMNS : Math.floor((done / totalBytes) * BAR_COLUMNS);
    return `[${'#'.repeat(filled)}${' '.repeat(BAR_COLUMNS - filled)}]`;
  };
  return {
    add(bytes) {
      done += bytes;
      const nowMs = performance.now();
      if (nowMs - drawnMs < (io.isErrTerminal ? DRAW_MS : LINE_MS)) return;
      drawnMs = nowMs;
      io.err(io.isErrTerminal ? `${CLEAR_LINE}${bar()} ${figures()}` : `${file}: ${figures()}\n`);
    },
    end() {
      if (io.isErrTerminal) io.err(CLEAR_LINE);
    },
  };
};
