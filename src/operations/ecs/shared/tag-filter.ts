import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';

/** Tags that a listing asks for; one without a key asks for nothing. */
export const tagFilter = (
  tags: readonly RequestTag[] = [],
): { tagKey: string; tagValue?: string }[] =>
  tags.flatMap(({ Key, Value }) =>
    Key === undefined ? [] : [{ tagKey: Key, ...given({ tagValue: Value }) }],
  );
