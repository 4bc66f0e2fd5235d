import { z } from 'zod';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import { record } from '../activity/index.js';
import type { Context, Tx } from '../context.js';
import { AppError } from '../errors.js';
import { id, parse, version } from '../input.js';
import { transaction } from '../transaction.js';
import { subtaskCompleted, taskCompleted } from './events.js';
import { lockTask, openSubtasks } from './lock-task.js';

const Input = z.object({ id, version, force: z.boolean().default(false) });

/**
 * Completes the caller's task; with `force` also its open subtasks, in the same transaction.
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT when it is stale, archived or completed, or (`openSubtasks`) subtasks are open
 */
export async function completeTask(ctx: Context, input: unknown): Promise<Task> {
  const { id, version, force } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await lockTask(tx, id, version);
    if (task.archived) throw conflict(task, 'An archived task cannot be completed.');
    if (task.completed) throw conflict(task, 'The task is completed already.');
    const open = await openSubtasks(tx, task.id);
    if (open.length > 0 && !force) {
      throw new AppError('CONFLICT', `${open.length} subtasks are open.`, {
        openSubtasks: open.length,
        currentVersion: task.version,
      });
    }
    for (const subtask of open) {
      subtask.complete(tx.clock.now());
      await record(tx, subtaskCompleted(subtask));
    }
    await finishTask(tx, task, open.length > 0 ? CompletedBy.FORCE : CompletedBy.MANUAL);
    return task;
  });
}

/** What completing comes to, whoever asked for it. The task is open, and none of its subtasks is. */
export async function finishTask(tx: Tx, task: Task, by: CompletedBy): Promise<void> {
  task.complete(by, tx.clock.now());
  task.touch(tx.clock.now());
  await record(tx, taskCompleted(task, by));
}

function conflict(task: Task, message: string): AppError {
  return new AppError('CONFLICT', message, { currentVersion: task.version });
}
