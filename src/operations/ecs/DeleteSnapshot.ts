import { snapshotDeletionRefusal } from '../../domain/deletion.ts';
import { sourcesOfDisks } from '../../domain/disk-lifecycle.ts';
import { removeSnapshot } from '../../domain/snapshot-lifecycle.ts';
import { boolean, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { findSnapshot, ownRegion } from './shared/find-snapshot.ts';

export const DeleteSnapshot = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteSnapshot',
  kind: 'write',
  docs: {
    summary:
      'Deletes a snapshot that no image refers to and, without Force, no disk was made from.',
    notes:
      'The bytes are swept away later, once no other snapshot and no disk holds them. A snapshot that an import is still filling cannot be deleted; CancelTask ends the import. Without `RegionId` the id is looked for in every region.',
  },
  input: object({
    SnapshotId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'InvalidSnapshotId.NotFound',
    }),
    Force: optional(
      boolean({
        description:
          'Delete it also while disks exist that were made from it; they keep the bytes. It never lifts the refusal for images.',
      }),
    ),
    RegionId: ownRegion,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'Operation.Conflict': 403,
    SnapshotCreatedDisk: 403,
    SnapshotCreatedImage: 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidSnapshotId.NotFound': 404,
  },
  cannotOccur: {
    '400 IncorrectDiskStatus.CreatingSnapshot':
      'A snapshot of a disk is accomplished at once: none is under way.',
    '403 InvalidOperation.DeleteSharedSnapshotUnsupported': 'Snapshots are not shared here.',
    '403 InvalidOperation.RelatedSnapshotNotFinished':
      'Each snapshot holds all its bytes; none depends on another.',
    '403 InvalidOperation.ResourceManagedByCloudProduct':
      'No other product manages snapshots here.',
    '500 InternalError':
      'The gateway answers it for a bug in any operation; none raises it itself.',
  },
  access: { action: 'ecs:DeleteSnapshot', resource: (input) => `snapshot/${input.SnapshotId}` },
  example: { request: { SnapshotId: 's-bp1ejhb4r1lyu55t0abc' }, response: {} },
  async handler(ctx, input) {
    const snapshot = await findSnapshot(ctx, input);
    if (snapshot === undefined)
      throw ctx.fail('InvalidSnapshotId.NotFound', {
        message: 'The specified SnapshotId does not exist.',
      });
    const usedByDisks: ReadonlySet<string> =
      input.Force === true ? new Set() : await sourcesOfDisks(ctx.tx, snapshot, ctx.nowMs);
    const refusal = snapshotDeletionRefusal(snapshot, usedByDisks);
    if (refusal === 'being-filled')
      throw ctx.fail('Operation.Conflict', {
        message: 'The snapshot is still being filled by an import; cancel its task instead.',
      });
    if (refusal === 'of-image') throw ctx.fail('SnapshotCreatedImage');
    if (refusal === 'of-disk') throw ctx.fail('SnapshotCreatedDisk');
    await removeSnapshot(ctx.tx, snapshot);
    return {};
  },
});
