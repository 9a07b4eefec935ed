import type { ByteRange } from '../../blobs/blob-store.ts';

/**
 * `bytes=a-b`, `bytes=a-`, `bytes=-n`. Anything else, several ranges too, is served whole, as HTTP
 * allows: one range is all that downloads ask for, and many small ones are an attack.
 */
export const parseRange = (
  header: string | undefined,
  size: number,
): ByteRange | undefined | 'unsatisfiable' => {
  const match = /^bytes=[ \t]*(\d{0,30})-(\d{0,30})[ \t]*$/i.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : 'unsatisfiable';
};
