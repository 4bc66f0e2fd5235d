import type { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { type Context, readRows } from '../context.js';
import type { Timestamp } from '../scalars.js';

type Moments = 'dueDate' | 'completedAt' | 'createdAt' | 'updatedAt';

/** A task as reads see it: the columns, without an entity around them. */
export type TaskRow = Omit<Task, Moments | 'complete' | 'touch'> & {
  readonly dueDate: Timestamp | Date | null;
  readonly completedAt: Timestamp | Date | null;
  readonly createdAt: Timestamp | Date;
  readonly updatedAt: Timestamp | Date;
};

/** A subtask as reads see it. */
export type SubtaskRow = Omit<Subtask, 'completedAt' | 'createdAt' | 'complete' | 'reopen'> & {
  readonly completedAt: Timestamp | Date | null;
  readonly createdAt: Timestamp | Date;
};

/** The columns of `TaskRow`. */
export const taskColumns = `id, user_id as "userId", title, description, priority, due_date as "dueDate", tags,
  estimated_minutes as "estimatedMinutes", focus_seconds as "focusSeconds", completed_at as "completedAt",
  completed, completed_by as "completedBy", hidden, archived, version,
  created_at as "createdAt", updated_at as "updatedAt"`;

const subtaskColumns = `id, user_id as "userId", task_id as "taskId", title, completed_at as "completedAt",
  completed, position as "order", estimated_minutes as "estimatedMinutes", source,
  created_at as "createdAt"`;

/** Tasks by id; null where there is none. Whose they are is for the caller to check. */
export async function unsafeTasksById(ctx: Context, ids: readonly string[]): Promise<(TaskRow | null)[]> {
  const rows = await readRows<TaskRow>(ctx, `select ${taskColumns} from tasks.task where id = any($1::uuid[])`, [ids]);
  return inOrder(ids, rows);
}

/** Subtasks by id; null where there is none. Whose they are is for the caller to check. */
export async function unsafeSubtasksById(ctx: Context, ids: readonly string[]): Promise<(SubtaskRow | null)[]> {
  const rows = await readRows<SubtaskRow>(
    ctx,
    `select ${subtaskColumns} from tasks.subtask where id = any($1::uuid[])`,
    [ids],
  );
  return inOrder(ids, rows);
}

/** The subtasks of tasks, each list in its order. The tasks are the caller's already. */
export async function subtasksByTask(ctx: Context, taskIds: readonly string[]): Promise<SubtaskRow[][]> {
  const rows = await readRows<SubtaskRow>(
    ctx,
    `select ${subtaskColumns} from tasks.subtask where task_id = any($1::uuid[]) order by task_id, position`,
    [taskIds],
  );
  const byTask = new Map<string, SubtaskRow[]>(taskIds.map((id) => [id, []]));
  for (const row of rows) byTask.get(row.taskId)?.push(row);
  return taskIds.map((id) => byTask.get(id) ?? []);
}

function inOrder<Row extends { id: string }>(ids: readonly string[], rows: readonly Row[]): (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
