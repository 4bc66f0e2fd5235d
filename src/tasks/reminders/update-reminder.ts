import { z } from 'zod';
import { Reminder, ReminderState, ReminderType } from '../../../entities/tasks/reminder.js';
import type { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { type Context } from '../../kernel/context.js';
import { AppError, type DeclaredErrors, invalid } from '../../kernel/errors.js';
import { field, parse } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { reminderUpdated } from '../events.js';
import { loadTask, refuseCompleted } from '../load-task.js';
import { updateTemplateReminder } from '../templates/edit-content.js';
import { recurrenceScope } from '../templates/scope.js';
import { reachOfReminder, type WrittenReminder } from './add-reminder.js';
import { futureTimeOf, hasFired, method, offsetMinutes } from './reminder-input.js';

const Input = z.strictObject({
  id: field.id,
  offsetMinutes: offsetMinutes.optional(),
  at: field.moment.optional(),
  method: method.optional(),
  recurrenceScope,
});

export const updateReminderErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also a time that has passed',
  ...requireMayErrors,
  CONFLICT: 'a reminder that has fired, a completed task, or a template that has no such reminder',
};

/**
 * Changes what is given; a new time also brings a cancelled reminder back. A null method is the default. A relative one
 * in a series is changed for the tasks to come, too, unless the scope says otherwise.
 */
export async function updateReminder(ctx: Context, input: unknown): Promise<WrittenReminder> {
  const { id, recurrenceScope: scope, ...given } = parse(Input, input);
  const fields = Object.entries(given).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  return transaction(ctx, async (tx) => {
    const reminder = await requireMay(tx, 'write reminder', await tx.entities().findOne(Reminder, { id }));
    const task = await loadTask(tx, reminder.taskId);
    refuseCompleted(task);
    refuseForeignField(reminder, given);
    const reach = reachOfReminder(task, reminder.type, scope);
    if (reach.here) refuseFired(reminder);
    if (fields.length > 0 && reach.templateId !== null)
      await updateTemplateReminder(tx, reach, reminder, changesOf(given));
    if (!reach.here) return { reminder: null, task };
    if (given.method !== undefined) reminder.method = given.method;
    if (given.offsetMinutes !== undefined || given.at !== undefined) {
      reminder.offsetMinutes = given.offsetMinutes ?? reminder.offsetMinutes;
      const { type, method, offsetMinutes } = reminder;
      const wanted = { type, method, offsetMinutes, at: given.at ?? null };
      reminder.scheduledFor = futureTimeOf(wanted, task.dueDate, tx.clock.now());
      reminder.state = ReminderState.SCHEDULED;
    }
    if (fields.length > 0) await record(tx, reminderUpdated(reminder, fields));
    return { reminder, task };
  });
}

function changesOf({ offsetMinutes, method }: Pick<Partial<TemplateReminder>, 'offsetMinutes' | 'method'>) {
  return { ...(offsetMinutes === undefined ? {} : { offsetMinutes }), ...(method === undefined ? {} : { method }) };
}

function refuseFired(reminder: Reminder): void {
  if (hasFired(reminder)) throw new AppError('CONFLICT', 'The reminder has fired; add another one.');
}

function refuseForeignField({ type }: Reminder, given: { offsetMinutes?: unknown; at?: unknown }): void {
  const foreign = type === ReminderType.ABSOLUTE ? 'offsetMinutes' : 'at';
  if (given[foreign] !== undefined) throw invalid([{ field: foreign, rule: `does not go with ${type}` }]);
}
