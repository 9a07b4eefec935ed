import type { AccountId, ImageId, RegionId } from './ids.ts';
import type { ImageStatus } from './image.ts';

export type ChangeKind =
  | 'accepted'
  | 'status'
  | 'family'
  | 'renamed'
  | 'described'
  | 'deleted'
  | 'tagged'
  | 'attributes'
  | 'shared'
  | 'unshared'
  | 'published'
  | 'unpublished';

/**
 * One row of the append-only journal. Replaying the rows of an account and region in order of
 * `changeSeq` yields every family head there ever was (see family.ts, `replayHeads`).
 */
export interface Change {
  accountId: AccountId;
  regionId: RegionId;
  changeSeq: number;
  timeMs: number;
  kind: ChangeKind;
  imageId: ImageId;
  /** The image's place in the order of acceptance. */
  imageSeq: number;
  familyBefore: string | null;
  familyAfter: string | null;
  /** Null before acceptance. */
  statusBefore: ImageStatus | null;
  /** Null after deletion. */
  statusAfter: ImageStatus | null;
  /** ARN of who did it, or `kindred:job:<id>`. */
  principal: string;
  requestId: string;
}
