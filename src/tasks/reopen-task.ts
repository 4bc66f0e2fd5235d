import { z } from 'zod';
import type { Task } from '../../entities/tasks/task.js';
import { record } from '../activity/index.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { id, parse, version } from '../input.js';
import { transaction } from '../transaction.js';
import { taskReopened } from './events.js';
import { lockTask } from './lock-task.js';
import { resumeReminders } from './reminders/follow-task.js';

const Input = z.object({ id, version });

/**
 * Opens a completed task again; its subtasks stay done. What the completion earned stays, the next instance of a
 * recurring task too, and reminders whose time is still to come wait for it again.
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT (`currentVersion`) when it is stale or open
 */
export async function reopenTask(ctx: Context, input: unknown): Promise<Task> {
  const { id, version } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await lockTask(tx, id, version);
    if (!task.completed) throw new AppError('CONFLICT', 'The task is open.', { currentVersion: task.version });
    task.reopen();
    task.touch(tx.clock.now());
    await record(tx, taskReopened(task));
    await resumeReminders(tx, task);
    return task;
  });
}
