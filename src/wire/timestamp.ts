import { ApiError } from '../errors.ts';

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

// `Date.UTC` takes the years 0 to 99 for 1900 to 1999; 400 years later the calendar is the same.
const cycleYears = 400;
const cycleMs = 146_097 * 86_400_000;

/** Milliseconds of exactly `YYYY-MM-DDThh:mm:ssZ` with real calendar values (no leap seconds). */
export function parseTimestamp(text: string): number {
  if (!shape.test(text)) throw new ApiError('InvalidTimeStamp.Format');
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  if (!isDate || hour > 23 || minute > 59 || second > 59) {
    throw new ApiError('InvalidTimeStamp.Format');
  }
  return Date.UTC(year + cycleYears, month - 1, day, hour, minute, second) - cycleMs;
}

const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
