import { z } from 'zod';
import { DeletedItemType } from '../../entities/activity/tombstone.js';
import { Reminder } from '../../entities/tasks/reminder.js';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { addTombstone, type DeletedItemRow, maxTombstones, record } from '../activity/index.js';
import type { Context, Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { taskDeleted } from './events.js';
import { endFocusOn, endSession, runningSession } from './focus/end-focus.js';
import { loadTaskAtVersion, loadTaskAtVersionErrors } from './load-task.js';
import { TaskContent } from './task-content.js';
import { type Continuation, makeRetriesDue, nothingNext, skipInstance } from './templates/continue-series.js';
import { endSeries } from './templates/edit-recurrence.js';
import { readSeries } from './templates/series.js';

const Input = z.strictObject({ id: field.id, version: field.version, endSeries: z.boolean().default(false) });

export const deleteTaskErrors: DeclaredErrors = { ...parseErrors, ...loadTaskAtVersionErrors };

/** What deleting a task has brought. */
export interface Deletion extends Continuation {
  readonly deletedItem: DeletedItemRow;
}

/**
 * Deletes a task with its subtasks and reminders, and leaves a tombstone with all of them. An open task of a series is
 * skipped so: the next one comes, as by completion, unless it is there already; with `endSeries` the series ends.
 * Deleting it again is NOT_FOUND.
 */
export async function deleteTask(ctx: Context, input: unknown): Promise<Deletion> {
  const { id, version, endSeries: ends } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTaskAtVersion(tx, id, version);
    const { templateId } = task;
    if (templateId && ends) await endSeries(tx, templateId);
    const skipped = templateId && !task.completed && !ends ? await readSeries(tx, templateId) : null;
    const deletedItem = await deleteWithTombstone(tx, task);
    // What is made next is written as rows.
    await tx.flush();
    return { deletedItem, ...(skipped ? await skipInstance(tx, skipped, id) : nothingNext) };
  });
}

/**
 * Deletes many tasks, in this order: of those that are not among the last that can be restored nothing is kept, so that
 * they cost a statement in all.
 */
export async function deleteTasksWithTombstones(tx: Tx, tasks: readonly Task[]): Promise<void> {
  const others = tasks.slice(0, -maxTombstones);
  if (others.length > 0) await dropTasks(tx, others);
  for (const task of tasks.slice(-maxTombstones)) await deleteWithTombstone(tx, task);
}

async function dropTasks(tx: Tx, tasks: readonly Task[]): Promise<void> {
  const session = await runningSession(tx);
  if (session && tasks.some(({ id }) => id === session.taskId)) await endSession(tx, session);
  await record(tx, ...tasks.map((task) => taskDeleted(task, null)));
  await tx.flush();
  await tx.entities().nativeDelete(Task, { accountId: tx.unit.account.id, id: { $in: tasks.map(({ id }) => id) } });
}

/** What deleting comes to, whoever asked for it. A focus session on the task ends first, so that its time is kept. */
async function deleteWithTombstone(tx: Tx, task: Task): Promise<DeletedItemRow> {
  await endFocusOn(tx, task);
  const subtasks = await tx
    .entities()
    .find(Subtask, { accountId: task.accountId, taskId: task.id }, { orderBy: { order: 'asc' } });
  const reminders = await tx
    .entities()
    .find(Reminder, { accountId: task.accountId, taskId: task.id }, { orderBy: { createdAt: 'asc', id: 'asc' } });
  const tombstone = await addTombstone(tx, {
    type: DeletedItemType.TASK,
    entityId: task.id,
    title: task.title,
    content: TaskContent.parse({ task, subtasks, reminders }),
  });
  tx.entities().remove([...reminders, ...subtasks, task]);
  await record(tx, taskDeleted(task, tombstone.id));
  await makeRetriesDue(tx);
  return tombstone;
}
