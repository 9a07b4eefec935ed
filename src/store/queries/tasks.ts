// Tasks as DescribeTasks shows them. A task ends by compare-and-set, hence once; progress never
// decreases.
import type { SelectQueryBuilder } from 'kysely';
import type { AccountId, TaskId } from '../../domain/ids.ts';
import type { Task, TaskStatus } from '../../domain/task.ts';
import type { Counted, PageOf, Scope, TaskFilter } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { scopeOf } from './images.ts';

const selectTasks = (db: QueryBuilder) =>
  db
    .selectFrom('task')
    .select([
      'task_id as taskId',
      'account_id as accountId',
      'region_id as regionId',
      'task_action as taskAction',
      'task_status as taskStatus',
      'creation_ms as creationMs',
      'finished_ms as finishedMs',
      'progress',
      'resource_id as resourceId',
      'error_code as errorCode',
      'error_message as errorMessage',
      'objects',
    ]);

type Row = Omit<Task, 'objects'> & { objects: string };

/** The row as it was written below. */
const toTask = (row: unknown): Task => {
  const { objects, ...task } = row as Row;
  return { ...task, objects: JSON.parse(objects) as Task['objects'] };
};

const taskById = statement((db, arg: Scope & { taskId: string }) =>
  selectTasks(db)
    .where('task_id', '=', arg.taskId)
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId),
);
const unfinished = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('task')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId)
    .where('task_status', 'in', ['Processing', 'Waiting']),
);

const narrow = <O>(
  query: SelectQueryBuilder<Tables, 'task', O>,
  scope: Scope,
  filter: TaskFilter,
): SelectQueryBuilder<Tables, 'task', O> => {
  let q = query.where('account_id', '=', scope.accountId).where('region_id', '=', scope.regionId);
  if (filter.taskIds) q = q.where('task_id', 'in', [...filter.taskIds]);
  if (filter.taskAction !== undefined) q = q.where('task_action', '=', filter.taskAction);
  if (filter.taskStatus !== undefined) q = q.where('task_status', '=', filter.taskStatus);
  if (filter.creationFromMs !== undefined) q = q.where('creation_ms', '>=', filter.creationFromMs);
  if (filter.creationToMs !== undefined) q = q.where('creation_ms', '<=', filter.creationToMs);
  if (filter.resourceIds) q = q.where('resource_id', 'in', [...filter.resourceIds]);
  return q;
};

export const taskReads = (connection: Connection) => ({
  async task(scope: Scope, taskId: string): Promise<Task | undefined> {
    const row = await connection.one(taskById, { ...scopeOf(scope), taskId });
    return row && toTask(row);
  },
  async tasks(scope: Scope, filter: TaskFilter, page: PageOf): Promise<Counted<Task>> {
    const { builder } = connection;
    const [count] = await connection.query(
      narrow(
        builder.selectFrom('task').select((eb) => eb.fn.countAll<number>().as('total')),
        scope,
        filter,
      ),
    );
    const rows = await connection.query(
      narrow(selectTasks(builder), scope, filter)
        .orderBy('creation_ms', 'desc')
        .orderBy('task_id', 'desc')
        .limit(page.limit)
        .offset(page.offset),
    );
    return { total: count?.total ?? 0, rows: rows.map(toTask) };
  },
  async unfinishedTaskCount(accountId: AccountId): Promise<number> {
    return (await connection.one(unfinished, { accountId }))?.total ?? 0;
  },
});

const setStatus = statement(
  (
    db,
    arg: Pick<Task, 'taskStatus' | 'finishedMs' | 'errorCode' | 'errorMessage'> & {
      taskId: string;
      from: string;
      isFinished: number;
    },
  ) =>
    db
      .updateTable('task')
      .set((eb) => ({
        task_status: arg.taskStatus,
        finished_ms: arg.finishedMs,
        error_code: arg.errorCode,
        error_message: arg.errorMessage,
        progress: eb
          .case()
          .when(eb.val(arg.isFinished), '=', 1)
          .then(100)
          .else(eb.ref('progress'))
          .end(),
      }))
      .where('task_id', '=', arg.taskId)
      .where('task_status', '=', arg.from),
);
const setProgress = statement((db, arg: { taskId: string; progress: number }) =>
  db
    .updateTable('task')
    .set({ progress: arg.progress })
    .where('task_id', '=', arg.taskId)
    .where('progress', '<', arg.progress),
);

export const taskWrites = (connection: Connection) => ({
  async insertTask(task: Task): Promise<void> {
    await connection.change(
      connection.builder.insertInto('task').values({
        task_id: task.taskId,
        account_id: task.accountId,
        region_id: task.regionId,
        task_action: task.taskAction,
        task_status: task.taskStatus,
        creation_ms: task.creationMs,
        finished_ms: task.finishedMs,
        progress: task.progress,
        resource_id: task.resourceId,
        error_code: task.errorCode,
        error_message: task.errorMessage,
        objects: JSON.stringify(task.objects),
      }),
    );
  },
  async setTaskStatus(
    taskId: TaskId,
    from: TaskStatus,
    set: Pick<Task, 'taskStatus' | 'finishedMs' | 'errorCode' | 'errorMessage'>,
  ): Promise<boolean> {
    const isFinished = set.taskStatus === 'Finished' ? 1 : 0;
    const changed = await connection.run(setStatus, { taskId, from, isFinished, ...set });
    return changed === 1;
  },
  async setTaskProgress(taskId: TaskId, progress: number): Promise<void> {
    await connection.run(setProgress, { taskId, progress });
  },
});
