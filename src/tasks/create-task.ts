import { z } from 'zod';
import { Priority } from '../../entities/tasks/priority.js';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { requireCapacity } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { type Context, newId } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { reminderCreated, taskCreated } from './events.js';
import { insertTask } from './insert-task.js';
import { makeReminder } from './reminders/add-reminder.js';
import { newReminders } from './reminders/reminder-input.js';
import {
  checkDescription,
  checkDueDate,
  description,
  dueDate,
  estimate,
  newSubtasks,
  priority,
  tags,
  title,
} from './task-input.js';
import { beginRecurrence } from './templates/edit-recurrence.js';
import { adoptContent } from './templates/template-content.js';
import { recurrence } from './templates/template-input.js';

const Input = z.strictObject({
  title,
  description: description.default(''),
  priority: priority.default(Priority.MEDIUM),
  dueDate: dueDate.default(null),
  tags: tags.default([]),
  estimatedMinutes: estimate.default(null),
  subtasks: newSubtasks.default([]),
  reminders: newReminders.default([]),
  recurrence: recurrence.nullable().default(null),
});

export const createTaskErrors: DeclaredErrors = {
  ...parseErrors,
  LIMIT_REACHED: '`tasks`, `subtasksPerTask`, `remindersPerTask`; for a recurrence `taskTemplates`',
};

/** A new task and its subtasks, in their order. */
export interface CreatedTask {
  readonly task: Task;
  readonly subtasks: readonly Subtask[];
}

/**
 * Makes a task with its subtasks and reminders; with a recurrence also the template that the next ones are made from.
 * Repeating it makes another, unless an idempotency key says otherwise.
 */
export async function createTask(ctx: Context, input: unknown): Promise<CreatedTask> {
  const { subtasks, reminders, recurrence, ...fields } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    checkDescription(fields.description, tx.unit.account.plan);
    if (!recurrence) checkDueDate(fields.dueDate, tx.clock.now());
    await requireCapacity(tx, 'subtasksPerTask', { current: 0, wanted: subtasks.length });
    await requireCapacity(tx, 'remindersPerTask', { current: 0, wanted: reminders.length });
    const accountId = tx.unit.account.id;
    const createdAt = tx.clock.now();
    const task = new Task({ ...fields, id: newId(tx.clock), accountId, createdAt });
    const template = recurrence && (await beginRecurrence(tx, task, recurrence, reminders));
    const makeSubtask = (subtask: (typeof subtasks)[number], order: number) =>
      new Subtask({ ...subtask, id: newId(tx.clock), accountId, taskId: task.id, order, source: tx.source, createdAt });
    const made = subtasks.map(makeSubtask);
    const reminding = reminders.map((given, index) => makeReminder(tx, task, given, `reminders.${index}.`));
    if (template) adoptContent(tx, template, made, reminding);
    await insertTask(tx, { task, subtasks: made, reminders: reminding });
    await record(tx, taskCreated(task, made.length));
    for (const reminder of reminding) await record(tx, reminderCreated(reminder));
    return { task, subtasks: made };
  });
}
