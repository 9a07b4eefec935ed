import { optional, string } from '../../../lib/schema.ts';
import { parseInstant } from '../../ecs/shared/parse-instant.ts';

const time = (description: string) =>
  optional(string({ description, maxLength: 32, invalid: 'InvalidParameter' }));

/** A span of time, as of the records' EventTime. */
export const span = {
  StartTime: time('From this instant on, `2026-11-24T08:00:00Z`.'),
  EndTime: time('Before this instant.'),
};

/** In milliseconds; `malformed` when a text is no instant. */
export const spanMs = (input: {
  StartTime?: string;
  EndTime?: string;
}): { fromMs?: number; toMs?: number } | 'malformed' => {
  const { StartTime, EndTime } = input;
  const fromMs = StartTime === undefined ? undefined : parseInstant(StartTime);
  const toMs = EndTime === undefined ? undefined : parseInstant(EndTime);
  if (StartTime !== undefined && fromMs === undefined) return 'malformed';
  if (EndTime !== undefined && toMs === undefined) return 'malformed';
  return {
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs: toMs - 1 }),
  };
};
