import { z } from 'zod';
import { Reminder } from '../../../entities/tasks/reminder.js';
import type { Task } from '../../../entities/tasks/task.js';
import { record } from '../../activity/index.js';
import { type Context, owned } from '../../context.js';
import { id, parse } from '../../input.js';
import { transaction } from '../../transaction.js';
import { reminderRemoved } from '../events.js';
import { ownTask } from '../lock-task.js';

const Input = z.strictObject({ id });

/** Removes a reminder, whether or not it has fired. Answers its task. @throws NOT_FOUND (also the second time), FORBIDDEN */
export async function removeReminder(ctx: Context, input: unknown): Promise<Task> {
  const { id } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const reminder = owned(tx, 'reminder', await tx.em.findOne(Reminder, id));
    const task = await ownTask(tx, reminder.taskId);
    tx.em.remove(reminder);
    await record(tx, reminderRemoved(reminder));
    return task;
  });
}
