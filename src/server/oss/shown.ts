import { formatSeconds } from '../../lib/clock.ts';
import type { OssRequest } from '../../wire/oss-request.ts';
import { OssError } from './error.ts';

/** How keys are written into XML, which cannot carry every letter: as they are, or as in an address. */
export const shown = ({ query }: OssRequest) => {
  const type = query.get('encoding-type');
  if (type !== undefined && type !== '' && type !== 'url')
    throw new OssError('InvalidArgument', 'The only encoding type is url.');
  return type === 'url'
    ? { encoding: { EncodingType: 'url' }, text: encodeURIComponent }
    : { encoding: {}, text: (key: string) => key };
};

/** A whole number of a parameter, within its limits. */
export const numberOf = (
  { query }: OssRequest,
  name: string,
  limits: { least: number; most: number; usual: number },
): number => {
  const text = query.get(name);
  if (text === undefined || text === '') return limits.usual;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value >= limits.least && value <= limits.most))
    throw new OssError(
      'InvalidArgument',
      `${name} must lie between ${limits.least} and ${limits.most}.`,
    );
  return value;
};

/** `2026-11-24T10:11:12.000Z`: clients read no other fraction. */
export const shownTime = (ms: number): string => formatSeconds(ms).replace('Z', '.000Z');
