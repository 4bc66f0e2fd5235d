import { z } from 'zod';
import { Reminder } from '../../../entities/tasks/reminder.js';
import type { Task } from '../../../entities/tasks/task.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { type Context } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { field, parse, parseErrors } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { reminderRemoved } from '../events.js';
import { loadTask } from '../load-task.js';
import { removeTemplateReminder } from '../templates/edit-content.js';
import { recurrenceScope } from '../templates/scope.js';
import { reachOfReminder } from './add-reminder.js';

const Input = z.strictObject({ id: field.id, recurrenceScope });

export const removeReminderErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a template that has no such reminder',
};

/**
 * Removes a reminder, whether or not it has fired; a relative one in a series also from the tasks to come, unless the
 * scope says otherwise. Answers its task. Removing it again is NOT_FOUND.
 */
export async function removeReminder(ctx: Context, input: unknown): Promise<Task> {
  const { id, recurrenceScope: scope } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const reminder = await requireMay(tx, 'write reminder', await tx.entities().findOne(Reminder, { id }));
    const task = await loadTask(tx, reminder.taskId);
    const reach = reachOfReminder(task, reminder.type, scope);
    if (reach.templateId !== null) await removeTemplateReminder(tx, reach, reminder);
    if (!reach.here) return task;
    tx.entities().remove(reminder);
    await record(tx, reminderRemoved(reminder));
    return task;
  });
}
