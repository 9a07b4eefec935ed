import type { Io } from './io.ts';

/** An Io that keeps what is written, for tests. */
export interface CapturedIo extends Io {
  readonly stdout: string;
  readonly stderr: string;
}

export const captureIo = (options: Partial<Omit<Io, 'out' | 'err'>> = {}): CapturedIo => {
  const written = { out: '', err: '' };
  return {
    isOutTerminal: false,
    isErrTerminal: false,
    columns: 100,
    environment: {},
    homeDir: '/nonexistent',
    ...options,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    get stdout() {
      return written.out;
    },
    get stderr() {
      return written.err;
    },
  };
};
