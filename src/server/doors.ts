// What answers for one Kindred: calls at `/`, the object door, and every other path.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Kindred } from './compose.ts';
import type { KnownKeys } from './known-keys.ts';
import type { OssDoor } from './oss/door.ts';
import type { Handle } from './pipeline.ts';
import { makeOtherPaths } from './routes.ts';

export interface Doors {
  handle: Handle;
  /** Tells accounts apart while calls wait. */
  knownKeys?: KnownKeys;
  other(request: IncomingMessage, response: ServerResponse): void;
  oss(request: IncomingMessage, response: ServerResponse): void;
}

/** @param isDraining tells whether the server is stopping */
export const doorsOf = (kindred: Kindred, isDraining: () => boolean): Doors => ({
  handle: kindred.handle,
  knownKeys: kindred.house.knownKeys,
  other: makeOtherPaths(kindred, isDraining),
  oss: lazyOssDoor(kindred),
});

/** Loaded with its first request. */
const lazyOssDoor = ({ house, buckets }: Kindred): OssDoor => {
  let loading: Promise<OssDoor> | undefined;
  return (request, response) => {
    loading ??= import('./oss/door.ts').then(({ makeOssDoor }) => makeOssDoor(house, buckets));
    loading.then(
      (door) => door(request, response),
      (error: unknown) => {
        house.log.error({ err: error }, 'the object door did not load');
        response.writeHead(500).end();
      },
    );
  };
};
