import type { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { type BatchFunction, type Context, readByIds, requireAccount, runStatement } from '../kernel/context.js';
import { type RowOf, selectList } from '../kernel/rows.js';

/** A task as reads see it. */
export type TaskRow = RowOf<Task> & {
  /** Known already when they were written together with the task. */
  readonly subtasks?: readonly SubtaskRow[];
};

/** A subtask as reads see it. */
export type SubtaskRow = Omit<RowOf<Subtask>, 'closedByForce' | 'templateSubtaskId'>;

/** The columns of a task, but for whose it is: a list knows that. */
export const taskColumns = selectList<Omit<RowOf<Task>, 'accountId'>>({
  id: 'id',
  title: 'title',
  description: 'description',
  priority: 'priority',
  dueDate: 'due_date',
  tags: 'tags',
  estimatedMinutes: 'estimated_minutes',
  focusSeconds: 'focus_seconds',
  completedAt: 'completed_at',
  templateId: 'template_id',
  completed: 'completed',
  completedBy: 'completed_by',
  hidden: 'hidden',
  archived: 'archived',
  version: 'version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
});

/** What of a subtask is read only when somebody asks for it; the rest is what its resolvers need. */
const subtaskColumn: Readonly<Record<Exclude<keyof SubtaskRow, 'id' | 'taskId' | 'accountId' | 'order'>, string>> = {
  title: 'title',
  completedAt: 'completed_at as "completedAt"',
  completed: 'completed',
  estimatedMinutes: 'estimated_minutes as "estimatedMinutes"',
  source: 'source',
  createdAt: 'created_at as "createdAt"',
};
const subtaskKeys = 'id, task_id as "taskId", position as "order"';
const subtaskColumns = [subtaskKeys, 'account_id as "accountId"', ...Object.values(subtaskColumn)].join(', ');

/** Tasks by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeTasksById(ctx: Context, ids: readonly string[]): Promise<(TaskRow | null)[]> {
  const text = `select ${taskColumns}, account_id as "accountId" from tasks.task where id = any($1::uuid[])`;
  return readByIds<TaskRow>(ctx, text, ids);
}

/** Subtasks by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeSubtasksById(ctx: Context, ids: readonly string[]): Promise<(SubtaskRow | null)[]> {
  return readByIds<SubtaskRow>(ctx, `select ${subtaskColumns} from tasks.subtask where id = any($1::uuid[])`, ids);
}

type SubtaskBatch = BatchFunction<string, SubtaskRow[]>;

/** One batch function for each set of columns, however many selections lead to it: loaders are told apart by it. */
const batches = new Map<string, SubtaskBatch>();
const batchOfSelection = new WeakMap<ReadonlySet<string>, SubtaskBatch>();

/** Reads the subtasks of tasks that are the caller's already, each list in its order, with these fields only. */
export function subtasksByTask(fields: ReadonlySet<string>): SubtaskBatch {
  const known = batchOfSelection.get(fields);
  if (known) return known;
  const asked = Object.entries(subtaskColumn).filter(([field]) => fields.has(field));
  const columns = [subtaskKeys, ...asked.map(([, column]) => column)].join(', ');
  const text = `select ${columns} from tasks.subtask where account_id = $2 and task_id = any($1::uuid[])
    order by task_id, position`;
  const batch = batches.get(columns) ?? ((ctx, taskIds) => readSubtasks(ctx, text, taskIds));
  batches.set(columns, batch);
  batchOfSelection.set(fields, batch);
  return batch;
}

async function readSubtasks(ctx: Context, text: string, taskIds: readonly string[]): Promise<SubtaskRow[][]> {
  const rows = await runStatement<SubtaskRow>(ctx, text, [taskIds, requireAccount(ctx)]);
  const byTask = new Map<string, SubtaskRow[]>(taskIds.map((id) => [id, []]));
  for (const row of rows) byTask.get(row.taskId)?.push(row);
  return taskIds.map((id) => byTask.get(id) ?? []);
}
