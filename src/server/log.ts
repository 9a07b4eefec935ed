import { pino, type Logger } from 'pino';

export type { Logger };
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Longest text of one field; what a caller sends never floods the log. */
const MAX_FIELD = 256;

/** JSON lines on standard error. Fields that could hold a secret are cut out by name. */
export const makeLog = (level: LogLevel): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: {
        paths: ['*.accessKeySecret', '*.secret', '*.signature', '*.authorization', '*.url'],
        censor: '[redacted]',
      },
    },
    // Line by line and at once: what happened before a crash must be readable after it.
    pino.destination({ fd: 2, sync: true }),
  );

/** A caller's text for the log: capped, control characters made visible. */
export const logText = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what must not get through
  text.slice(0, MAX_FIELD).replace(/[\u0000-\u001f\u007f\u202a-\u202e]/g, '?');
