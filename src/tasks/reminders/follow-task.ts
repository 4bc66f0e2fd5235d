import { Reminder, ReminderState, ReminderType } from '../../../entities/tasks/reminder.js';
import type { Task } from '../../../entities/tasks/task.js';
import { record } from '../../activity/index.js';
import type { Tx } from '../../context.js';
import { reminderCancelled, reminderUpdated, tooLate } from '../events.js';
import { stateFor, timeOf } from './reminder-input.js';

/**
 * A new due date moves the relative reminders that have not fired, whyever they were off; a cleared one cancels them.
 * One whose new time has passed is cancelled too. Absolute ones stay.
 */
export async function followDueDate(tx: Tx, task: Task): Promise<void> {
  if (task.completed) return;
  const reminders = await tx.em.find(Reminder, {
    taskId: task.id,
    type: { $ne: ReminderType.ABSOLUTE },
    state: { $in: [ReminderState.SCHEDULED, ReminderState.CANCELLED] },
  });
  for (const reminder of reminders) {
    const { state: before, scheduledFor } = reminder;
    const time = timeOf(reminder.type, reminder.offsetMinutes, null, task.dueDate);
    const state = stateFor(time, tx.clock.now());
    if (state === before && time?.getTime() === scheduledFor?.getTime()) continue;
    Object.assign(reminder, { scheduledFor: time, state });
    const isCancelled = state === ReminderState.CANCELLED && before !== state;
    const reason = time ? tooLate : 'The task has no due date.';
    const fields = state === before ? ['scheduledFor'] : ['scheduledFor', 'state'];
    await record(tx, isCancelled ? reminderCancelled(reminder, reason) : reminderUpdated(reminder, fields));
  }
}

/** None fires on a completed task. */
export async function cancelReminders(tx: Tx, task: Task): Promise<void> {
  const reminders = await tx.em.find(Reminder, { taskId: task.id, state: ReminderState.SCHEDULED });
  for (const reminder of reminders) {
    reminder.state = ReminderState.CANCELLED;
    await record(tx, reminderCancelled(reminder, 'The task is completed.'));
  }
}

/** A task that is open again has its reminders again, as far as their time is still to come. */
export async function resumeReminders(tx: Tx, task: Task): Promise<void> {
  const reminders = await tx.em.find(Reminder, {
    taskId: task.id,
    type: ReminderType.ABSOLUTE,
    state: ReminderState.CANCELLED,
    scheduledFor: { $gt: tx.clock.now() },
  });
  for (const reminder of reminders) {
    reminder.state = ReminderState.SCHEDULED;
    await record(tx, reminderUpdated(reminder, ['state']));
  }
  // The relative ones: the due date may have moved while the task was completed.
  await followDueDate(tx, task);
}
