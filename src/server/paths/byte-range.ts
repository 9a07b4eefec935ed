import type { ByteRange } from '../../blobs/blob-store.ts';

/** `bytes=a-b`, `bytes=a-`, `bytes=-n`; anything else is served whole, as HTTP allows. */
export const parseRange = (
  header: string | undefined,
  size: number,
): ByteRange | undefined | 'unsatisfiable' => {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : 'unsatisfiable';
};
