import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { type BatchFunction, type Context, readByIds, requireAccount, runStatement } from '../kernel/context.js';
import { entityOf, groupedBy, type RowIn, rowsWithout } from '../kernel/rows.js';
import type { Timestamp } from '../kernel/scalars.js';

/** A task, whosever it is. */
export const taskRows = rowsWithout(Task, []);
/** A task of a list, which knows whose it is. */
export const listedTaskRows = rowsWithout(Task, ['accountId']);
const subtaskRows = rowsWithout(Subtask, ['closedByForce', 'templateSubtaskId']);

/** A task as reads see it. */
export type TaskRow = RowIn<typeof taskRows> & {
  /** Known already when they were written together with the task. */
  readonly subtasks?: readonly SubtaskRow[];
};

/** A subtask as reads see it. */
export type SubtaskRow = RowIn<typeof subtaskRows>;

/** A task that was read as a row, to work with. @see entityOf */
export function taskOf({ subtasks, ...row }: TaskRow): Task {
  const { dueDate, completedAt, createdAt, updatedAt } = row;
  const dates = { dueDate: dateOf(dueDate), completedAt: dateOf(completedAt) };
  return entityOf(Task, { ...row, ...dates, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) });
}

function dateOf(moment: Date | Timestamp | null): Date | null {
  return moment === null ? null : new Date(moment);
}

/** Tasks by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeTasksById(ctx: Context, ids: readonly string[]): Promise<(TaskRow | null)[]> {
  return readByIds<TaskRow>(ctx, `select ${taskRows.columns} from tasks.task where id = any($1::uuid[])`, ids);
}

/** Subtasks by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeSubtasksById(ctx: Context, ids: readonly string[]): Promise<(SubtaskRow | null)[]> {
  return readByIds<SubtaskRow>(ctx, `select ${subtaskRows.columns} from tasks.subtask where id = any($1::uuid[])`, ids);
}

/** Of the subtasks of a task, which knows whose they are. */
const { accountId: _, ...subtaskColumnOf } = subtaskRows.columnOf;
/** What the resolvers of a subtask need; the rest is read only when somebody asks for it. */
const subtaskKeys: ReadonlySet<string> = new Set(['id', 'taskId', 'order']);
/** What most lists show of subtasks. */
const briefFields: ReadonlySet<string> = new Set(['id', 'title', 'completed', 'order']);

/**
 * The column of a task's subtasks, as JSON and in their order, for a read of tasks of the account `$1`. Of the fields it
 * has those that most lists show or all: each other choice would be one more statement to prepare on every connection.
 */
export function subtasksColumn(fields: ReadonlySet<string>): string {
  const isBrief = [...fields].every((field) => briefFields.has(field));
  const pairs = Object.entries(subtaskColumnOf)
    .filter(([field]) => !isBrief || briefFields.has(field) || subtaskKeys.has(field))
    .map(([field, column]) => `'${field}', ${column}`);
  return `(select coalesce(json_agg(json_build_object(
      ${pairs.join(', ')}) order by position), '[]')
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
  const columns = Object.entries(subtaskColumnOf)
    .filter(([field]) => subtaskKeys.has(field) || fields.has(field))
    .map(([field, column]) => `${column} as "${field}"`)
    .join(', ');
  const text = `select ${columns} from tasks.subtask where account_id = $2 and task_id = any($1::uuid[])
    order by task_id, position`;
  const batch = batches.get(columns) ?? ((ctx, taskIds) => readSubtasks(ctx, text, taskIds));
  batches.set(columns, batch);
  batchOfSelection.set(fields, batch);
  return batch;
}

async function readSubtasks(ctx: Context, text: string, taskIds: readonly string[]): Promise<SubtaskRow[][]> {
  const rows = await runStatement<SubtaskRow>(ctx, text, [taskIds, requireAccount(ctx)]);
  return groupedBy(taskIds, rows, ({ taskId }) => taskId);
}
