import { type Reminder, ReminderType } from '../../../entities/tasks/reminder.js';
import type { Subtask } from '../../../entities/tasks/subtask.js';
import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import { TemplateSubtask } from '../../../entities/tasks/template-subtask.js';
import { type Context, newId, requireAccount, runStatement, type Tx } from '../../kernel/context.js';
import { groupedBy, type RowIn, rowsOf } from '../../kernel/rows.js';

const subtaskRows = rowsOf(TemplateSubtask, ['templateId', 'title', 'estimatedMinutes', 'order']);
const reminderRows = rowsOf(TemplateReminder, ['templateId', 'type', 'offsetMinutes', 'method']);

/** A template's subtask as reads see it. */
export type TemplateSubtaskRow = RowIn<typeof subtaskRows>;
/** A template's reminder as reads see it. */
export type TemplateReminderRow = RowIn<typeof reminderRows>;

/** The subtasks of templates that are the caller's already, in their order. */
export async function subtasksByTemplate(ctx: Context, templateIds: readonly string[]) {
  const rows = await runStatement<TemplateSubtaskRow>(
    ctx,
    `select ${subtaskRows.columns} from tasks.template_subtask where account_id = $2 and template_id = any($1::uuid[]) order by position`,
    [templateIds, requireAccount(ctx)],
  );
  return groupedBy(templateIds, rows, ({ templateId }) => templateId);
}

/** The reminders of templates that are the caller's already, in the order of their making. */
export async function remindersByTemplate(ctx: Context, templateIds: readonly string[]) {
  const rows = await runStatement<TemplateReminderRow>(
    ctx,
    `select ${reminderRows.columns} from tasks.template_reminder where account_id = $2 and template_id = any($1::uuid[]) order by id`,
    [templateIds, requireAccount(ctx)],
  );
  return groupedBy(templateIds, rows, ({ templateId }) => templateId);
}

/** What a step says, whoever it is of. */
export type SubtaskFields = Pick<TemplateSubtask, 'accountId' | 'title' | 'estimatedMinutes' | 'source'>;
/** What a relative reminder says, whoever it is of. */
export type ReminderFields = Pick<TemplateReminder, 'accountId' | 'type' | 'offsetMinutes' | 'method'>;

/** A new step of a template, at a place. */
export function newTemplateSubtask(tx: Tx, templateId: string, fields: SubtaskFields, order: number): TemplateSubtask {
  const { accountId, title, estimatedMinutes, source } = fields;
  const step = new TemplateSubtask({
    id: newId(tx.clock),
    accountId,
    templateId,
    title,
    estimatedMinutes,
    order,
    source,
  });
  tx.entities().persist(step);
  return step;
}

/** A new reminder of a template. */
export function newTemplateReminder(tx: Tx, templateId: string, fields: ReminderFields): TemplateReminder {
  const { accountId, type, offsetMinutes, method } = fields;
  const reminder = new TemplateReminder({ id: newId(tx.clock), accountId, templateId, type, offsetMinutes, method });
  tx.entities().persist(reminder);
  return reminder;
}

/**
 * What a template starts with when its first task is there already: the task's subtasks and relative reminders, which
 * then name what was made of them.
 */
export function adoptContent(
  tx: Tx,
  { id }: TaskTemplate,
  subtasks: readonly Subtask[],
  reminders: readonly Reminder[],
): void {
  for (const subtask of subtasks) {
    subtask.templateSubtaskId = newTemplateSubtask(tx, id, subtask, subtask.order).id;
  }
  for (const reminder of reminders) {
    const { type, offsetMinutes } = reminder;
    if (type === ReminderType.ABSOLUTE || offsetMinutes === null) continue;
    reminder.templateReminderId = newTemplateReminder(tx, id, { ...reminder, offsetMinutes }).id;
  }
}
