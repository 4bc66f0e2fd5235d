import { Occurrence } from '../../../entities/tasks/occurrence.js';
import type { Task } from '../../../entities/tasks/task.js';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { record } from '../../activity/index.js';
import { runStatement, type Tx } from '../../context.js';
import { AppError, invalid } from '../../errors.js';
import { templateUpdated } from '../events.js';
import { parseRecurrence } from '../recurrence/index.js';
import { firstOf, makeTemplate } from './create-template.js';
import { isRuleOf, ruleFromTask, ruleOnwards } from './next-rule.js';
import { readSeries, type Series } from './series.js';
import { type GivenRecurrence, readSeriesFrom } from './template-input.js';

/** Where a rule stands in the input. */
const path = 'recurrence.';

/** What an edit of the recurrence reaches. */
export enum RecurrenceScope {
  THIS_AND_FUTURE = 'THIS_AND_FUTURE',
  TEMPLATE_ONLY = 'TEMPLATE_ONLY',
}

/** An edit of a task's recurrence; null ends it. */
export interface RecurrenceEdit {
  readonly recurrence: GivenRecurrence | null;
  readonly scope: RecurrenceScope | null;
  /** Whether the same edit gives the task a due date, which then stands. */
  readonly keepsDueDate: boolean;
  /** Whether that is another one than before. */
  readonly isMoved: boolean;
}

/**
 * Makes a task recur, or changes how it does. This and future instances: the task itself moves to the rule's next
 * occurrence, or becomes a one-off when the recurrence ends. Template only: the task stays as it is. The rule that the
 * series has already changes nothing.
 * @throws VALIDATION_FAILED without a scope or with a bad rule, CONFLICT for a completed or past instance
 */
export async function editRecurrence(tx: Tx, task: Task, edit: RecurrenceEdit): Promise<void> {
  if (task.completed) throw notEditable(task, 'completed');
  if (!task.templateId) return edit.recurrence ? beginRecurrence(tx, task, edit.recurrence) : undefined;
  if (!edit.scope) throw invalid([{ field: 'recurrenceScope', rule: 'is required: THIS_AND_FUTURE or TEMPLATE_ONLY' }]);
  const template = await tx.em.findOneOrFail(TaskTemplate, task.templateId);
  if (edit.recurrence) await changeRule(tx, task, template, edit.recurrence, edit);
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

/** Makes a one-off task the first of a series; without a due date it gets the rule's first one. @throws VALIDATION_FAILED */
export async function beginRecurrence(tx: Tx, task: Task, given: GivenRecurrence): Promise<void> {
  const recurrence = await readSeriesFrom(tx, given, task.dueDate, path);
  const template = await makeTemplate(tx, task, recurrence);
  const first = firstOf(recurrence, task.dueDate);
  task.templateId = template.id;
  task.dueDate = first.at;
  markMade(tx, template, first.localTime, task);
}

async function changeRule(
  tx: Tx,
  task: Task,
  template: TaskTemplate,
  given: GivenRecurrence,
  { scope, keepsDueDate, isMoved }: RecurrenceEdit,
): Promise<void> {
  const next = { rule: given.rule, timeZone: given.timeZone ?? template.timeZone };
  // Whoever gives a rule wants it followed, also where it was ended or paused before.
  template.active = true;
  if (isRuleOf(template, next, path) && !isMoved) return;
  if (scope === RecurrenceScope.TEMPLATE_ONLY) {
    Object.assign(template, ruleOnwards(await seriesOf(tx, template), next, tx.clock.now(), path));
    return;
  }
  // The occurrence that this task stood for is free again.
  await tx.em.nativeDelete(Occurrence, { templateId: template.id, taskId: task.id });
  if (keepsDueDate && task.dueDate) {
    Object.assign(template, parseRecurrence(next, task.dueDate, path));
  } else {
    const { made } = await seriesOf(tx, template);
    const { recurrence, first } = ruleFromTask(made, next, task.dueDate, tx.clock.now(), path);
    Object.assign(template, recurrence);
    if (first) task.dueDate = first.at;
  }
  await markMadeAgain(tx, template, task);
}

async function seriesOf(tx: Tx, { id }: TaskTemplate): Promise<Series> {
  const series = await readSeries(tx, id);
  if (!series) throw new Error('A template that was found is there.');
  return series;
}

function endRecurrence(task: Task, template: TaskTemplate, scope: RecurrenceScope): void {
  template.active = false;
  template.retryAt = null;
  if (scope === RecurrenceScope.THIS_AND_FUTURE) task.templateId = null;
}

/** Notes that an occurrence has become a task: it never becomes another one. */
function markMade(tx: Tx, template: TaskTemplate, localTime: string, task: Task): void {
  tx.em.persist(new Occurrence({ templateId: template.id, localTime, taskId: task.id }));
}

/** The same for the occurrence with which the series now begins; it may be one that was made before. */
async function markMadeAgain(tx: Tx, { id, startsAt }: TaskTemplate, task: Task): Promise<void> {
  await runStatement(
    tx,
    'insert into tasks.occurrence (template_id, local_time, task_id) values ($1, $2, $3) on conflict do nothing',
    [id, startsAt, task.id],
  );
}
