// What nobody owns any more, as it is found: one walk for whoever removes it (the sweep), for whoever is
// only to be told (a plan) and for whoever does a piece at a time. Each source decides by itself what is
// garbage, and its `remove` decides once more, in the transaction or under the lock that excludes the
// work which could take the thing into use meanwhile.
import type { FoundGarbage, WalkPoint } from '../domain/garbage.ts';

export interface Garbage extends FoundGarbage {
  /** Gives the bytes that it freed; undefined when by now it is in use, held or gone. */
  remove(): Promise<number | undefined>;
}

/** One thing that was looked at. */
export interface Look {
  /** Where a later walk of the source goes on behind this. */
  position: string;
  garbage?: Garbage;
}

export interface GarbageSource {
  name: string;
  /** In order of position; empty: from the first. @throws UnknownWalkPoint */
  look(after: string): AsyncIterable<Look>;
}

/** No walk has ended there. */
export class UnknownWalkPoint extends Error {
  override readonly name = 'UnknownWalkPoint';
}

export interface GarbageWalk {
  /** Only look: nothing is removed, and what would be is told. */
  isPlan: boolean;
  /** Where an earlier walk has ended; without it from the first. */
  from?: WalkPoint;
  /** Asked after each look whether the walk ends here; default never. */
  isEnough?(found: number, looks: number): boolean;
  found(garbage: Garbage, freedBytes: number): void;
}

/** @returns where the next walk goes on; undefined at the end @throws UnknownWalkPoint */
export const walkGarbage = async (
  sources: readonly GarbageSource[],
  walk: GarbageWalk,
): Promise<WalkPoint | undefined> => {
  const { isPlan, from } = walk;
  const first = from === undefined ? 0 : sources.findIndex(({ name }) => name === from.source);
  if (first < 0) throw new UnknownWalkPoint();
  let [found, looks] = [0, 0];
  for (const [i, source] of sources.entries()) {
    if (i < first) continue;
    const after = i === first ? (from?.after ?? '') : '';
    for await (const { position, garbage } of source.look(after)) {
      looks += 1;
      const freedBytes = isPlan ? garbage?.sizeBytes : await garbage?.remove();
      if (garbage !== undefined && freedBytes !== undefined) {
        found += 1;
        walk.found(garbage, freedBytes);
      }
      if (walk.isEnough?.(found, looks) === true) return { source: source.name, after: position };
    }
  }
  return undefined;
};
