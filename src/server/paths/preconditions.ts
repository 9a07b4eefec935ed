import type { IncomingHttpHeaders } from 'node:http';

/** What conditions in a request are held against. */
export interface Validators {
  /** With its quotes; a strong one. */
  etag: string;
  /** Milliseconds; undefined when it is not known. */
  modifiedMs?: number;
}

/** Whether a list of entity tags (RFC 9110, 8.8.3) has `etag`, or is `*`. */
const listHas = (list: string, etag: string, { weak }: { weak: boolean }): boolean =>
  list.trim() === '*' ||
  (list.match(/(?:W\/)?"[^"]*"/g) ?? []).some(
    (one) => one === etag || (weak && one === `W/${etag}`),
  );

/** Dates of HTTP have whole seconds. */
const isModifiedSince = (date: string, modifiedMs: number | undefined): boolean => {
  const ms = Date.parse(date);
  return Number.isNaN(ms) || modifiedMs === undefined || Math.floor(modifiedMs / 1000) * 1000 > ms;
};

/** The status with which conditions end the request, in the order of RFC 9110, 13.2.2. */
export const preconditions = (
  headers: IncomingHttpHeaders,
  { etag, modifiedMs }: Validators,
): 304 | 412 | undefined => {
  const match = headers['if-match'];
  const unmodified = headers['if-unmodified-since'];
  if (match !== undefined) {
    if (!listHas(match, etag, { weak: false })) return 412;
  } else if (
    unmodified !== undefined &&
    !Number.isNaN(Date.parse(unmodified)) &&
    isModifiedSince(unmodified, modifiedMs)
  )
    return 412;
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined) return listHas(noneMatch, etag, { weak: true }) ? 304 : undefined;
  const since = headers['if-modified-since'];
  return since !== undefined && !isModifiedSince(since, modifiedMs) ? 304 : undefined;
};

/** Whether `Range` counts: without If-Range, or when what the client has a part of is still this. */
export const rangeApplies = (
  headers: IncomingHttpHeaders,
  { etag, modifiedMs }: Validators,
): boolean => {
  const condition = headers['if-range'];
  if (typeof condition !== 'string') return true;
  if (condition.includes('"')) return condition.trim() === etag;
  const ms = Date.parse(condition);
  return modifiedMs !== undefined && Math.floor(modifiedMs / 1000) * 1000 === ms;
};
