import { Reminder, ReminderState } from '../../entities/tasks/reminder.js';
import type { Task } from '../../entities/tasks/task.js';
import { TaskTemplate } from '../../entities/tasks/task-template.js';
import { record } from '../activity/index.js';
import type { Tx } from '../kernel/context.js';
import { reminderCancelled, taskRecovered } from './events.js';
import { insertTask } from './insert-task.js';
import { entitiesOf, TaskContent } from './task-content.js';

/**
 * Brings a task back as it was deleted, ids and times included. Reminders whose time has passed meanwhile are
 * cancelled; without its template it becomes a one-off. It counts towards nothing.
 * @throws LIMIT_REACHED
 */
export async function restoreTask(tx: Tx, content: unknown): Promise<Task> {
  const { task, subtasks, reminders } = entitiesOf(TaskContent.parse(content));
  const isOrphan =
    task.templateId !== null &&
    !(await tx.entities().findOne(TaskTemplate, { accountId: task.accountId, id: task.templateId }));
  if (isOrphan) task.templateId = null;
  const passed = reminders.filter((reminder) => hasPassed(reminder, tx.clock.now()));
  for (const reminder of passed) reminder.state = ReminderState.CANCELLED;
  await insertTask(tx, { task, subtasks, reminders });
  await record(tx, taskRecovered(task, isOrphan), ...passed.map((reminder) => reminderCancelled(reminder, 'TOO_LATE')));
  return task;
}

function hasPassed({ state, scheduledFor }: Reminder, now: Date): boolean {
  return state === ReminderState.SCHEDULED && scheduledFor !== null && scheduledFor <= now;
}
