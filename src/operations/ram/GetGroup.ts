import { object } from '../../lib/schema.ts';
import { exampleGroup, groupSchema, requireGroup, viewGroup } from './shared/group-view.ts';
import { groupName, RAM_VERSION } from './shared/parameters.ts';
import { defineOperation } from '../../operation.ts';

export const GetGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'GetGroup',
  kind: 'read',
  docs: {
    summary: 'Shows a group of RAM users.',
  },
  input: object({ GroupName: groupName }),
  output: object({ Group: groupSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.Group': 404 },
  cannotOccur: {},
  access: { action: 'ram:GetGroup', resource: (input) => `group/${input.GroupName}` },
  example: { request: { GroupName: 'builders' }, response: { Group: exampleGroup } },
  async handler(ctx, input) {
    return { Group: viewGroup(await requireGroup(ctx, input.GroupName)) };
  },
});
