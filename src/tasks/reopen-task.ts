import { z } from 'zod';
import { Subtask } from '../../entities/tasks/subtask.js';
import type { Task } from '../../entities/tasks/task.js';
import { requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import type { Context, Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { subtaskReopened, taskReopened } from './events.js';
import { loadTaskAtVersion } from './load-task.js';
import { resumeReminders } from './reminders/reschedule-reminders.js';

const Input = z.strictObject({ id: field.id, version: field.version });

export const reopenTaskErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a stale version, or an open task: `currentVersion`',
};

/**
 * Opens a completed task again, and the subtasks that were closed only by completing it by force; the others stay done.
 * What the completion earned stays, the next instance of a recurring task too, and reminders whose time is still to
 * come wait for it again.
 */
export async function reopenTask(ctx: Context, input: unknown): Promise<Task> {
  const { id, version } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTaskAtVersion(tx, id, version);
    if (!task.completed) throw new AppError('CONFLICT', 'The task is open.', { currentVersion: task.version });
    await openAgain(tx, task);
    return task;
  });
}

/** What reopening comes to, whoever asked for it; `reason` says why when the user did not. */
export async function openAgain(tx: Tx, task: Task, reason?: 'SUBTASK_REOPENED'): Promise<void> {
  const forced = await tx
    .entities()
    .find(
      Subtask,
      { accountId: task.accountId, taskId: task.id, completed: true, closedByForce: true },
      { orderBy: { order: 'asc' } },
    );
  for (const subtask of forced) subtask.reopen();
  task.reopen();
  task.touch(tx.clock.now());
  await record(tx, taskReopened(task, reason), ...forced.map(subtaskReopened));
  await resumeReminders(tx, task);
}
