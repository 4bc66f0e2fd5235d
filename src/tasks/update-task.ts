import { z } from 'zod';
import type { Task } from '../../entities/tasks/task.js';
import { limitsOf } from '../achievements/index.js';
import { record } from '../activity/index.js';
import type { Context } from '../context.js';
import { id, parse, version } from '../input.js';
import { transaction } from '../transaction.js';
import { taskUpdated } from './events.js';
import { lockTask } from './lock-task.js';
import { checkDescription, checkDueDate, description, dueDate, estimate, priority, tags, title } from './task-input.js';

const Input = z.object({
  id,
  version,
  title: title.optional(),
  description: description.optional(),
  priority: priority.optional(),
  dueDate: dueDate.optional(),
  tags: tags.optional(),
  estimatedMinutes: estimate.optional(),
  hidden: z.boolean().optional(),
  archived: z.boolean().optional(),
});

/**
 * Changes what is given; null clears what can be empty. With nothing to change, nothing is written.
 * @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN, CONFLICT (`currentVersion`) for a stale version
 */
export async function updateTask(ctx: Context, input: unknown): Promise<Task> {
  const { id, version, ...given } = parse(Input, input);
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return transaction(ctx, async (tx) => {
    const task = await lockTask(tx, id, version);
    if (given.description !== undefined) {
      checkDescription(given.description, limitsOf(tx.unit.account.tier).descriptionLength);
    }
    if (given.dueDate !== undefined) checkDueDate(given.dueDate, task.createdAt);
    const fields = Object.keys(changes);
    if (fields.length === 0) return task;
    Object.assign(task, changes);
    task.touch(tx.clock.now());
    await record(tx, taskUpdated(task, fields));
    return task;
  });
}
