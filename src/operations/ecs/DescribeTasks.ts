import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import type { TaskFilter } from '../../domain/tx.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners, pageNumber, pageSize, regionId } from './shared/parameters.ts';
import { parseInstant } from './shared/parse-instant.ts';
import { taskProperties, viewTask } from './shared/task-view.ts';

const MAX_IDS = 100;
const TASK_ACTIONS = [
  'ImportImage',
  'ExportImage',
  'RedeployInstance',
  'ModifyDiskSpec',
  'ArchiveSnapshot',
] as const;

export const DescribeTasks = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeTasks',
  kind: 'read',
  docs: {
    summary: 'Lists the asynchronous tasks of the caller in a region, newest first.',
    notes:
      'As with the vendor, a `TaskStatus` other than `Processing`, `Finished` and `Failed` does not filter. Tasks have no group here, so that a `TaskGroupId` matches nothing.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    TaskIds: optional(string({ description: 'Up to 100 ids, comma-separated.', maxLength: 8192 })),
    TaskAction: optional(choice(TASK_ACTIONS)),
    TaskStatus: optional(string({ description: 'Processing, Finished or Failed.', maxLength: 64 })),
    StartTime: optional(
      string({ description: 'Created at this second (2020-11-23T15:10:00Z) or later.' }),
    ),
    EndTime: optional(
      string({ description: 'Created at this second (2020-11-23T15:16:00Z) or earlier.' }),
    ),
    ResourceIds: optional(
      list(string({ maxLength: 128 }), {
        description: 'Ids of the images that the tasks make or export, N from 1 to 100.',
        maxItems: MAX_IDS,
      }),
    ),
    TaskGroupId: optional(string({ maxLength: 128 })),
    PageNumber: pageNumber,
    PageSize: pageSize,
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    RegionId: string(),
    TotalCount: integer(),
    TaskSet: object({
      Task: list(
        object({
          ...taskProperties,
          ResourceId: string({ description: 'The image that is imported or exported.' }),
        }),
      ),
    }),
  }),
  errors: { MissingParameter: 400, 'InvalidRegionId.NotFound': 400, InvalidParameter: 400 },
  cannotOccur: {},
  access: { action: 'ecs:DescribeTasks', resource: () => 'task/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', TaskIds: 't-bp198jigq7l0h5aczzzz' },
    response: {
      PageNumber: 1,
      PageSize: 10,
      RegionId: 'cn-hangzhou',
      TotalCount: 0,
      TaskSet: { Task: [] },
    },
  },
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10, RegionId, TaskAction, TaskStatus } = input;
    const bad = (parameter: string) => ctx.fail('InvalidParameter', { parameter });
    const taskIds = input.TaskIds?.split(',').map((id) => id.trim());
    if (taskIds !== undefined && taskIds.length > MAX_IDS) throw bad('TaskIds');
    const instant = (name: 'StartTime' | 'EndTime'): number | undefined => {
      const text = input[name];
      const ms = text === undefined ? undefined : parseInstant(text);
      if (text !== undefined && ms === undefined) throw bad(name);
      return ms;
    };
    const creationFromMs = instant('StartTime');
    const endMs = instant('EndTime');

    const answer = { PageNumber, PageSize, RegionId };
    const matchesNothing =
      input.TaskGroupId !== undefined ||
      (TaskAction !== undefined && TaskAction !== 'ImportImage' && TaskAction !== 'ExportImage');
    if (matchesNothing) return { ...answer, TotalCount: 0, TaskSet: { Task: [] } };
    const filter: TaskFilter = given({
      taskIds,
      taskAction: TaskAction,
      taskStatus: isFilter(TaskStatus) ? TaskStatus : undefined,
      creationFromMs,
      // Rows keep milliseconds; the second that EndTime names counts whole.
      creationToMs: endMs === undefined ? undefined : endMs + 999,
      resourceIds: input.ResourceIds,
    });
    const { rows, total } = await ctx.tx.tasks(
      { accountId: ctx.caller.accountId, regionId: RegionId as RegionId },
      filter,
      { limit: PageSize, offset: (PageNumber - 1) * PageSize },
    );
    const tasks = rows.map((task) => ({ ...viewTask(task), ResourceId: task.resourceId }));
    return { ...answer, TotalCount: total, TaskSet: { Task: tasks } };
  },
});

const isFilter = (status: string | undefined): status is 'Processing' | 'Finished' | 'Failed' =>
  status === 'Processing' || status === 'Finished' || status === 'Failed';
