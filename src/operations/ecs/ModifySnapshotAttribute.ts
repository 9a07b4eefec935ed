import { isDescription, isSnapshotName } from '../../domain/naming.ts';
import { boolean, integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';
import { findSnapshot, ownRegion } from './shared/find-snapshot.ts';

export const ModifySnapshotAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifySnapshotAttribute',
  kind: 'write',
  docs: {
    summary: 'Changes the name, the description or the retention of a snapshot.',
    notes:
      'Takes no region: the id is looked for in every one. Retention is kept and shown; nothing is deleted by it.',
  },
  input: object({
    SnapshotId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'InvalidSnapshotId.NotFound',
    }),
    RegionId: ownRegion,
    SnapshotName: optional(
      string({
        description:
          '2 to 128 characters, a letter first, then letters, digits, `.` `_` `-` `:`; not `auto…`.',
        maxLength: 128,
        invalid: 'InvalidSnapshotName.Malformed',
      }),
    ),
    Description: optional(
      string({
        description: '2 to 256 characters, not starting with `http://` or `https://`.',
        maxLength: 256,
        invalid: 'InvalidDescription.Malformed',
      }),
    ),
    RetentionDays: optional(
      integer({
        description: 'Days, 1 to 65536.',
        minimum: 1,
        maximum: 65_536,
        invalid: 'InvalidRetentionDays.Malformed',
      }),
    ),
    DisableInstantAccess: optional(
      boolean({ withoutEffect: 'Every snapshot can be used at once; the vendor ignores it too.' }),
    ),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidSnapshotName.Malformed': 400,
    'InvalidDescription.Malformed': 400,
    'InvalidRetentionDays.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidSnapshotId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:ModifySnapshotAttribute',
    resource: (input) => `snapshot/${input.SnapshotId}`,
  },
  example: {
    request: { SnapshotId: 's-bp1ejhb4r1lyu55t0abc', SnapshotName: 'nightly-20261124' },
    response: {},
  },
  async handler(ctx, input) {
    const { SnapshotName: snapshotName, Description: description, RetentionDays } = input;
    if (snapshotName !== undefined && !isSnapshotName(snapshotName))
      throw ctx.fail('InvalidSnapshotName.Malformed');
    if (description !== undefined && !isDescription(description))
      throw ctx.fail('InvalidDescription.Malformed');
    const snapshot = await findSnapshot(ctx, input);
    if (snapshot === undefined) throw ctx.fail('InvalidSnapshotId.NotFound');
    const set = given({ snapshotName, description, retentionDays: RetentionDays });
    if (Object.keys(set).length > 0)
      await ctx.tx.updateSnapshot(snapshot.snapshotId, { ...set, lastModifiedMs: ctx.nowMs });
    return {};
  },
});
