import type { Reminder } from '../../../entities/tasks/reminder.js';
import type { Subtask } from '../../../entities/tasks/subtask.js';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import { TemplateSubtask } from '../../../entities/tasks/template-subtask.js';
import { readLimits, requireCapacityForOneMore } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { runStatement, type Tx } from '../../kernel/context.js';
import { templateUpdated } from '../events.js';
import { checkDescription } from '../task-input.js';
import { type Reach, refuseUnknown } from './scope.js';
import {
  newTemplateReminder,
  newTemplateSubtask,
  type ReminderFields,
  type SubtaskFields,
} from './template-content.js';

/** What a task and the template of its series say alike. */
export type SharedFields = Pick<TaskTemplate, 'title' | 'description' | 'priority' | 'tags' | 'estimatedMinutes'>;

/** Changes what the tasks to come are called, and so on, where an edit reaches them. @throws VALIDATION_FAILED */
export async function updateTemplateFields(
  tx: Tx,
  { templateId }: Reach,
  changes: Partial<SharedFields>,
): Promise<void> {
  const fields = Object.keys(changes);
  if (templateId === null || fields.length === 0) return;
  const template = await tx.entities().findOneOrFail(TaskTemplate, { accountId: tx.unit.account.id, id: templateId });
  if (changes.description !== undefined)
    checkDescription(changes.description, tx.unit.account.plan, template.description);
  Object.assign(template, changes);
  await record(tx, templateUpdated(template, fields));
}

/**
 * Adds a step at the end of the template that an edit reaches. Answers its id, null when it was not added.
 * @throws LIMIT_REACHED when the user asked for the template
 */
export async function addTemplateSubtask(tx: Tx, reach: Reach, fields: SubtaskFields): Promise<string | null> {
  const { templateId } = reach;
  if (templateId === null) return null;
  const count = await tx.entities().count(TemplateSubtask, { accountId: fields.accountId, templateId });
  if (!(await mayAdd(tx, reach, 'subtasksPerTask', count))) return null;
  const added = newTemplateSubtask(tx, templateId, fields, count);
  await record(tx, templateUpdated({ id: templateId }, ['subtasks']));
  return added.id;
}

/** The same for a relative reminder. */
export async function addTemplateReminder(tx: Tx, reach: Reach, fields: ReminderFields): Promise<string | null> {
  const { templateId } = reach;
  if (templateId === null) return null;
  const count = await tx.entities().count(TemplateReminder, { accountId: fields.accountId, templateId });
  if (!(await mayAdd(tx, reach, 'remindersPerTask', count))) return null;
  const added = newTemplateReminder(tx, templateId, fields);
  await record(tx, templateUpdated({ id: templateId }, ['reminders']));
  return added.id;
}

async function mayAdd(tx: Tx, { isAsked }: Reach, thing: 'subtasksPerTask' | 'remindersPerTask', count: number) {
  if (!isAsked) return count < (await readLimits(tx))[thing];
  await requireCapacityForOneMore(tx, thing, count);
  return true;
}

/** Changes the step that a task's subtask was made from. @throws CONFLICT when only the template is meant, and has none */
export async function updateTemplateSubtask(
  tx: Tx,
  reach: Reach,
  { templateSubtaskId }: Subtask,
  changes: Partial<Pick<TemplateSubtask, 'title' | 'estimatedMinutes'>>,
): Promise<void> {
  const known = await findSubtask(tx, reach, templateSubtaskId);
  if (!known) return refuseUnknown(reach, 'subtask');
  Object.assign(known, changes);
  await record(tx, templateUpdated({ id: known.templateId }, ['subtasks']));
}

/** The same for a relative reminder. @throws CONFLICT */
export async function updateTemplateReminder(
  tx: Tx,
  reach: Reach,
  { templateReminderId }: Reminder,
  changes: Partial<Pick<TemplateReminder, 'offsetMinutes' | 'method'>>,
): Promise<void> {
  const known = await findReminder(tx, reach, templateReminderId);
  if (!known) return refuseUnknown(reach, 'reminder');
  Object.assign(known, changes);
  await record(tx, templateUpdated({ id: known.templateId }, ['reminders']));
}

/** Removes the step that a task's subtask was made from; those behind it move up. @throws CONFLICT */
export async function removeTemplateSubtask(tx: Tx, reach: Reach, { templateSubtaskId }: Subtask): Promise<void> {
  const known = await findSubtask(tx, reach, templateSubtaskId);
  if (!known) return refuseUnknown(reach, 'subtask');
  const { accountId, templateId, order } = known;
  const behind = await tx.entities().find(TemplateSubtask, { accountId, templateId, order: { $gt: order } });
  for (const each of behind) each.order -= 1;
  tx.entities().remove(known);
  await record(tx, templateUpdated({ id: known.templateId }, ['subtasks']));
}

/** Removes the reminder that a task's reminder was made from. @throws CONFLICT */
export async function removeTemplateReminder(tx: Tx, reach: Reach, { templateReminderId }: Reminder): Promise<void> {
  const known = await findReminder(tx, reach, templateReminderId);
  if (!known) return refuseUnknown(reach, 'reminder');
  tx.entities().remove(known);
  await record(tx, templateUpdated({ id: known.templateId }, ['reminders']));
}

/** Puts the template's steps into the order of the subtasks that were made from them; others keep their places. */
export async function reorderTemplateSubtasks(tx: Tx, reach: Reach, wanted: readonly Subtask[]): Promise<void> {
  const { templateId } = reach;
  if (templateId === null) return;
  const present = await tx
    .entities()
    .find(TemplateSubtask, { accountId: tx.unit.account.id, templateId }, { orderBy: { order: 'asc' } });
  const known = new Map(present.map((each) => [each.id, each]));
  const moved = wanted.flatMap(({ templateSubtaskId }) => known.get(templateSubtaskId ?? '') ?? []);
  const places = moved.map(({ order }) => order).sort((one, other) => one - other);
  const order = present.map((each, place) => moved[places.indexOf(place)] ?? each);
  if (order.every((each, place) => each === present[place])) return;
  await runStatement(
    tx,
    `update tasks.template_subtask set position = place - 1
     from unnest($1::uuid[]) with ordinality as wanted (id, place)
     where template_subtask.account_id = $2 and template_subtask.id = wanted.id`,
    [order.map(({ id }) => id), tx.unit.account.id],
  );
  await record(tx, templateUpdated({ id: templateId }, ['subtasks']));
}

function findSubtask(tx: Tx, { templateId }: Reach, id: string | null): Promise<TemplateSubtask | null> {
  if (id === null || templateId === null) return Promise.resolve(null);
  return tx.entities().findOne(TemplateSubtask, { accountId: tx.unit.account.id, id, templateId });
}

function findReminder(tx: Tx, { templateId }: Reach, id: string | null): Promise<TemplateReminder | null> {
  if (id === null || templateId === null) return Promise.resolve(null);
  return tx.entities().findOne(TemplateReminder, { accountId: tx.unit.account.id, id, templateId });
}
