import type { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { type BatchFunction, type Context, readByIds, requireAccount, runStatement } from '../kernel/context.js';
import { type RowOf, selectList } from '../kernel/rows.js';
import type { Timestamp } from '../kernel/scalars.js';

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

type Shown = Exclude<keyof SubtaskRow, 'id' | 'taskId' | 'accountId' | 'order'>;

/** A task that was read as a row, to work with: the entity manager does not know it, so whoever changes it writes that. */
export function taskOf({ subtasks, ...row }: TaskRow): Task {
  const { dueDate, completedAt, createdAt, updatedAt } = row;
  const dates = { dueDate: dateOf(dueDate), completedAt: dateOf(completedAt), createdAt: new Date(createdAt) };
  return Object.assign(new Task({ ...row, ...dates }), { ...row, ...dates, updatedAt: new Date(updatedAt) });
}

function dateOf(moment: Date | Timestamp | null): Date | null {
  return moment === null ? null : new Date(moment);
}

/** What of a subtask is read only when somebody asks for it; the rest is what its resolvers need. */
const subtaskColumn: Readonly<Record<Shown, string>> = {
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

/** What most lists show of subtasks. */
const briefFields: ReadonlySet<string> = new Set(['id', 'title', 'completed', 'order']);

/**
 * The column of a task's subtasks, as JSON and in their order, for a read of tasks of the account `$1`. Of the fields it
 * has those that most lists show or all: each other choice would be one more statement to prepare on every connection.
 */
export function subtasksColumn(fields: ReadonlySet<string>): string {
  const isBrief = [...fields].every((field) => briefFields.has(field));
  const pairs = Object.entries(subtaskColumn)
    .filter(([field]) => !isBrief || briefFields.has(field))
    .map(([field, column]) => `'${field}', ${column.replace(/ as .*/, '')}`);
  return `(select coalesce(json_agg(json_build_object(
      'id', id, 'taskId', task_id, 'order', position, ${pairs.join(', ')}) order by position), '[]')
    from tasks.subtask where account_id = $1 and task_id = task.id) as subtasks`;
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
