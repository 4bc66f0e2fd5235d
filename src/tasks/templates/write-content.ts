import type { z } from 'zod';
import { ReminderType } from '../../../entities/tasks/reminder.js';
import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import { TemplateSubtask } from '../../../entities/tasks/template-subtask.js';
import { requireCapacity } from '../../accounts/index.js';
import type { Tx } from '../../kernel/context.js';
import { newReminders } from '../reminders/reminder-input.js';
import type { NewSubtask } from '../task-input.js';
import { newTemplateReminder, newTemplateSubtask } from './template-content.js';

/** The reminders of a template: a series knows no absolute ones. Null for none. */
export const templateReminders = newReminders.superRefine((reminders, refusal) => {
  for (const [index, { type }] of reminders.entries()) {
    if (type !== ReminderType.ABSOLUTE) continue;
    refusal.addIssue({ code: 'custom', path: [index, 'type'], message: 'must be BEFORE or AFTER in a series' });
  }
});

/**
 * Gives a template these subtasks in place of those that it has. One that has the title of a former one is that one:
 * what was made from it still names it. @throws LIMIT_REACHED
 */
export async function writeSubtasks(
  tx: Tx,
  { id: templateId, accountId }: TaskTemplate,
  given: readonly NewSubtask[],
): Promise<TemplateSubtask[]> {
  const former = await tx.entities().find(TemplateSubtask, { accountId, templateId }, { orderBy: { order: 'asc' } });
  await requireCapacity(tx, 'subtasksPerTask', { current: former.length, wanted: given.length });
  const written = given.map(({ title, estimatedMinutes }, order) => {
    const same = takeFirst(former, (each) => each.title === title);
    if (same) return Object.assign(same, { estimatedMinutes, order });
    return newTemplateSubtask(tx, templateId, { accountId, title, estimatedMinutes, source: tx.source }, order);
  });
  tx.entities().remove(former);
  return written;
}

/** The same for reminders, which are the same when they go by the same offset. @throws LIMIT_REACHED */
export async function writeReminders(
  tx: Tx,
  { id: templateId, accountId }: TaskTemplate,
  given: z.output<typeof templateReminders>,
): Promise<TemplateReminder[]> {
  const former = await tx.entities().find(TemplateReminder, { accountId, templateId }, { orderBy: { id: 'asc' } });
  await requireCapacity(tx, 'remindersPerTask', { current: former.length, wanted: given.length });
  const written = given.map(({ type, offsetMinutes, method }) => {
    const offset = offsetMinutes ?? 0;
    const same = takeFirst(former, (each) => each.type === type && each.offsetMinutes === offset);
    if (same) return Object.assign(same, { method });
    return newTemplateReminder(tx, templateId, { accountId, type, offsetMinutes: offset, method });
  });
  tx.entities().remove(former);
  return written;
}

/** Takes the first one that fits out of a list. */
function takeFirst<Item>(items: Item[], fits: (item: Item) => boolean): Item | undefined {
  const place = items.findIndex(fits);
  return place < 0 ? undefined : items.splice(place, 1)[0];
}
