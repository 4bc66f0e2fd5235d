import { Occurrence } from '../../../entities/tasks/occurrence.js';
import { Reminder } from '../../../entities/tasks/reminder.js';
import { Subtask } from '../../../entities/tasks/subtask.js';
import type { Task } from '../../../entities/tasks/task.js';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { record } from '../../activity/index.js';
import type { Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { templateUpdated } from '../events.js';
import type { GivenRule } from '../recurrence/index.js';
import { changeFutureRule } from './change-future-rule.js';
import { changeRuleFromTask } from './change-rule-from-task.js';
import { firstOf, makeTemplate } from './create-template.js';
import { loadSeriesInZone, occurrenceOf, recordOccurrence } from './occurrence-rows.js';
import { isInPlace, isRuleOf } from './same-rule.js';
import { RecurrenceScope, refusedScope } from './scope.js';
import { adoptContent } from './template-content.js';
import { type GivenRecurrence, readSeriesFrom } from './template-input.js';

/** Where a rule stands in the input. */
const path = 'recurrence.';

/** An edit of a task's recurrence. */
export interface RecurrenceEdit {
  /** Null ends it. */
  readonly recurrence: GivenRecurrence | null;
  readonly scope: RecurrenceScope | null;
  /** The due date that the same edit gives the task; null clears it, undefined leaves it. */
  readonly dueDate: Date | null | undefined;
}

/**
 * Whether an edit of a task, not made yet, is one of its recurrence too: clients may send back all that they have. The
 * rule that a series has already is none, also while it is paused, unless the series moves with the due date, or the edit
 * reaches a task that is not where the rule has it and leaves its due date to the rule. @throws VALIDATION_FAILED
 */
export async function changesRecurrence(tx: Tx, task: Task, edit: RecurrenceEdit): Promise<boolean> {
  const { recurrence, scope, dueDate } = edit;
  if (!task.templateId || !recurrence) return (task.templateId ?? recurrence) !== null;
  const template = await tx.entities().findOneOrFail(TaskTemplate, { accountId: task.accountId, id: task.templateId });
  if (!isRuleOf(template, ruleOf(template, recurrence), path)) return true;
  if (!template.active || scope !== RecurrenceScope.THIS_AND_FUTURE) return false;
  if (dueDate !== undefined && dueDate?.getTime() !== task.dueDate?.getTime()) return true;
  // A completed one stays where it was done, and one that is given the date that it has stays there.
  if (task.completed || dueDate) return false;
  return !isInPlace(template, task.dueDate, await occurrenceOf(tx, template.id, task.id));
}

function ruleOf({ timeZone }: TaskTemplate, given: GivenRecurrence): GivenRule {
  return { rule: given.rule, timeZone: given.timeZone ?? timeZone };
}

/**
 * Makes a task recur, or changes how it does. This and future instances: the task itself moves to the rule's next
 * occurrence, or becomes a one-off when the recurrence ends. Template only: the task stays as it is.
 * @throws VALIDATION_FAILED without a scope or with a bad rule, CONFLICT for a completed or past instance
 */
export async function editRecurrence(tx: Tx, task: Task, edit: RecurrenceEdit): Promise<void> {
  if (task.completed) throw notEditable(task, 'completed');
  if (!task.templateId) return edit.recurrence ? makeRecurring(tx, task, edit.recurrence) : undefined;
  if (!edit.scope) throw refusedScope('is required: THIS_AND_FUTURE or TEMPLATE_ONLY');
  if (edit.scope === RecurrenceScope.THIS_ONLY) throw refusedScope('must be THIS_AND_FUTURE or TEMPLATE_ONLY here');
  const template = await tx.entities().findOneOrFail(TaskTemplate, { accountId: task.accountId, id: task.templateId });
  if (edit.recurrence) await changeRule(tx, task, template, ruleOf(template, edit.recurrence), edit);
  else endRecurrence(task, template, edit.scope);
  await record(tx, templateUpdated(template, edit.recurrence ? ['rule', 'timeZone'] : ['active']));
}

/** @throws CONFLICT when an instance's time has passed */
export function refusePast(task: Task, now: Date): void {
  if (task.templateId && task.dueDate && task.dueDate < now) throw notEditable(task, 'past');
}

function notEditable(task: Task, what: string): AppError {
  const message = `The recurrence of a ${what} instance cannot be edited; edit the template.`;
  return new AppError('CONFLICT', message, { currentVersion: task.version });
}

/** A one-off that is there becomes the first of a series, with what it has. */
async function makeRecurring(tx: Tx, task: Task, given: GivenRecurrence): Promise<void> {
  const reminders = await tx
    .entities()
    .find(Reminder, { accountId: task.accountId, taskId: task.id }, { orderBy: { createdAt: 'asc', id: 'asc' } });
  const subtasks = await tx
    .entities()
    .find(Subtask, { accountId: task.accountId, taskId: task.id }, { orderBy: { order: 'asc' } });
  adoptContent(tx, await beginRecurrence(tx, task, given, reminders), subtasks, reminders);
}

/**
 * Makes a one-off task the first of a series; without a due date it gets the rule's first one for which its reminders
 * are in time. @throws VALIDATION_FAILED
 */
export async function beginRecurrence(
  tx: Tx,
  task: Task,
  given: GivenRecurrence,
  reminders: readonly Pick<Reminder, 'type' | 'offsetMinutes'>[],
): Promise<TaskTemplate> {
  const recurrence = await readSeriesFrom(tx, given, task.dueDate, path, reminders);
  const template = await makeTemplate(tx, task, recurrence);
  const { localTime, at } = firstOf(recurrence, task.dueDate);
  task.templateId = template.id;
  task.dueDate = at;
  template.newestTaskId = task.id;
  // The template is not written yet.
  const { ruleNumber } = template;
  tx.entities().persist(
    new Occurrence({
      accountId: template.accountId,
      templateId: template.id,
      ruleNumber,
      localTime,
      dueDate: at,
      taskId: task.id,
    }),
  );
  return template;
}

async function changeRule(
  tx: Tx,
  task: Task,
  template: TaskTemplate,
  given: GivenRule,
  { scope, dueDate }: RecurrenceEdit,
): Promise<void> {
  const now = tx.clock.now();
  // Whoever gives a rule wants it followed, also where it was ended or paused before.
  template.active = true;
  const includesThisTask = scope === RecurrenceScope.THIS_AND_FUTURE;
  const series = await loadSeriesInZone(tx, template.id, given.timeZone, includesThisTask ? task.id : null);
  if (!includesThisTask) {
    Object.assign(template, changeFutureRule(series, given, now, path));
    return;
  }
  const stoodFor = await occurrenceOf(tx, template.id, task.id);
  const turning = { dueDate: task.dueDate, keepsDueDate: dueDate != null, occurrence: stoodFor };
  const { recurrence, occurrence, dueDate: due } = changeRuleFromTask(series, given, turning, now, path);
  Object.assign(template, recurrence);
  task.dueDate = due;
  if (occurrence) await recordOccurrence(tx, template.id, recurrence.ruleNumber, occurrence, task.id);
}

/** No more tasks are made from a template; those that are there stay. The second time changes nothing. */
export async function endSeries(tx: Tx, templateId: string): Promise<void> {
  const template = await tx.entities().findOneOrFail(TaskTemplate, { accountId: tx.unit.account.id, id: templateId });
  if (!template.active) return;
  template.pause();
  await record(tx, templateUpdated(template, ['active']));
}

function endRecurrence(task: Task, template: TaskTemplate, scope: RecurrenceScope): void {
  template.pause();
  if (scope === RecurrenceScope.THIS_AND_FUTURE) task.templateId = null;
}
