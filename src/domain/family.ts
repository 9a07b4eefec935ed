// The family rule. `resolveFamily` is the one place that decides which image a family names; pins,
// rollouts and "why" extend this function and nothing else. Pure: no store, no clock.
import type { Change } from './change.ts';
import type { ImageId } from './ids.ts';
import type { Image } from './image.ts';

/** How names beginning with `acs:` are looked up: the newer rule, or the seed's (refused). */
export type FamilyLookup = 'current' | 'classic';

/** What the rule needs to know of an image. */
export type FamilyCandidate = Pick<Image, 'imageId' | 'seq' | 'status' | 'imageFamily'>;

export type Resolution<C extends FamilyCandidate> =
  | { image: C; reason: 'newest' }
  | { image: undefined; reason: 'none-available' };

/**
 * The image that a machine should boot now: the one accepted last (greatest `seq`, hence greatest
 * CreationTime) among the candidates of the family whose status is exactly `Available`.
 */
export const resolveFamily = <C extends FamilyCandidate>(
  family: string,
  candidates: Iterable<C>,
): Resolution<C> => {
  let newest: C | undefined;
  for (const candidate of candidates) {
    if (candidate.imageFamily !== family || candidate.status !== 'Available') continue;
    if (newest === undefined || candidate.seq > newest.seq) newest = candidate;
  }
  return newest === undefined
    ? { image: undefined, reason: 'none-available' }
    : { image: newest, reason: 'newest' };
};

/** A family as the operator sees it. */
export interface Family {
  imageFamily: string;
  /** Images that carry the name, in any state. */
  imageCount: number;
  headImageId: ImageId | null;
  /** When the head became the head (or the family became empty), wall clock. */
  headSinceMs: number;
}

/** The head of every family after replaying `changes` (of one account and region) in order. */
export const replayHeads = (changes: Iterable<Change>): Map<string, ImageId> => {
  const images = new Map<ImageId, FamilyCandidate>();
  for (const change of changes) {
    if (change.statusAfter === null) images.delete(change.imageId);
    else
      images.set(change.imageId, {
        imageId: change.imageId,
        seq: change.imageSeq,
        status: change.statusAfter,
        imageFamily: change.familyAfter,
      });
  }
  const heads = new Map<string, FamilyCandidate>();
  for (const image of images.values()) {
    if (image.imageFamily === null || image.status !== 'Available') continue;
    const head = heads.get(image.imageFamily);
    if (head === undefined || image.seq > head.seq) heads.set(image.imageFamily, image);
  }
  return new Map([...heads].map(([family, image]) => [family, image.imageId]));
};
