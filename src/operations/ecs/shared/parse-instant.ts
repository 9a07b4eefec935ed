import { formatSeconds } from '../../../lib/clock.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

/**
 * `2017-12-05T22:40Z` or `2017-12-05T22:40:00Z` in milliseconds; undefined for any other text and for
 * a date that no calendar has. Both forms are read everywhere, since the vendor's pages mix them.
 */
export const parseInstant = (text: string): number | undefined => {
  const found = INSTANT.exec(text);
  if (found === null) return undefined;
  const whole = found[1] === undefined ? text.replace('Z', ':00Z') : text;
  const ms = Date.parse(whole);
  return Number.isNaN(ms) || formatSeconds(ms) !== whole ? undefined : ms;
};
