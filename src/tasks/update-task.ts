import { z } from 'zod';
import type { Task } from '../../entities/tasks/task.js';
import { requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import type { Context } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { taskUpdated } from './events.js';
import { endFocusOn } from './focus/end-focus.js';
import { loadTaskAtVersion } from './load-task.js';
import { rescheduleReminders } from './reminders/reschedule-reminders.js';
import { checkDescription, checkDueDate, description, dueDate, estimate, priority, tags, title } from './task-input.js';
import { type SharedFields, updateTemplateFields } from './templates/edit-content.js';
import { changesRecurrence, editRecurrence, refusePast } from './templates/edit-recurrence.js';
import { reachOfTask, recurrenceScope } from './templates/scope.js';
import { recurrence } from './templates/template-input.js';

const Input = z.strictObject({
  id: field.id,
  version: field.version,
  title: title.optional(),
  description: description.optional(),
  priority: priority.optional(),
  dueDate: dueDate.optional(),
  tags: tags.optional(),
  estimatedMinutes: estimate.optional(),
  hidden: z.boolean().optional(),
  archived: z.boolean().optional(),
  recurrence: recurrence.nullable().optional(),
  recurrenceScope,
});

export const updateTaskErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a stale version, or the recurrence of a completed or past task of a series: `currentVersion`',
  LIMIT_REACHED: '`taskTemplates`, for a first recurrence',
};

/**
 * Changes what is given; null clears what can be empty. With nothing to change, nothing is written. In a series the
 * scope says whether the tasks to come change as well, or alone; due date, hidden and archived are the task's own.
 */
export async function updateTask(ctx: Context, input: unknown): Promise<Task> {
  const { id, version, recurrence, recurrenceScope: scope, dueDate, hidden, archived, ...rest } = parse(Input, input);
  const shared = sharedOf(rest);
  return transaction(ctx, async (tx) => {
    const task = await loadTaskAtVersion(tx, id, version);
    const reach = reachOfTask(task, scope, Boolean(recurrence));
    const changes: Partial<Task> = { ...(reach.here ? shared : {}), ...given({ dueDate, hidden, archived }) };
    if (changes.description !== undefined)
      checkDescription(changes.description, tx.unit.account.plan, task.description);
    const fields = Object.keys(changes);
    const dueBefore = task.dueDate?.getTime();
    const asked = recurrence === undefined ? null : { recurrence, scope, dueDate };
    const edit = asked && (await changesRecurrence(tx, task, asked)) ? asked : null;
    if (edit) {
      refusePast(task, tx.clock.now());
      fields.push('recurrence');
    }
    await updateTemplateFields(tx, reach, shared);
    if (fields.length === 0) return task;
    // Nobody works on what is put away; the time spent so far counts.
    if (archived || hidden) await endFocusOn(tx, task, 'TASK_PUT_AWAY');
    Object.assign(task, changes);
    if (edit) await editRecurrence(tx, task, edit);
    const isMoved = task.dueDate?.getTime() !== dueBefore;
    if (isMoved && !task.templateId) checkDueDate(task.dueDate, task.createdAt);
    task.touch(tx.clock.now());
    await record(tx, taskUpdated(task, fields));
    if (isMoved) await rescheduleReminders(tx, task);
    return task;
  });
}

/** Without the fields that were omitted. */
type GivenFields = { readonly [Key in keyof SharedFields]?: SharedFields[Key] | undefined };

/** What is the template's, too. The compiler refuses a field that is the task's own, and was not taken out before. */
function sharedOf<Fields extends GivenFields>(
  fields: Fields & Record<Exclude<keyof Fields, keyof SharedFields>, never>,
): Partial<SharedFields> {
  return given(fields);
}

function given(fields: object) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
