import { Reminder, ReminderState, ReminderType } from '../../../entities/tasks/reminder.js';
import type { Task } from '../../../entities/tasks/task.js';
import { limitsOfPlan } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import type { MoveReason } from '../../events/tasks.js';
import type { Tx } from '../../kernel/context.js';
import { reminderCancelled, reminderMoved } from '../events.js';
import { hasFired, stateFor, timeOf } from './reminder-input.js';

/**
 * A new due date moves the relative reminders, whatever the reason they were cancelled; a cleared one cancels those that have not fired.
 * One whose new time has passed is cancelled too. One that has fired fires again at a new time that is to come, as far
 * as the task may have so many that wait, the oldest first; else it stays what it is. Absolute ones stay.
 */
export async function rescheduleReminders(tx: Tx, task: Task, why: MoveReason = 'DUE_DATE_MOVED'): Promise<void> {
  if (task.completed) return;
  const reminders = await tx
    .entities()
    .find(Reminder, { accountId: task.accountId, taskId: task.id }, { orderBy: { createdAt: 'asc', id: 'asc' } });
  // No perk changes the limit.
  let room = limitsOfPlan(tx.unit.account.plan).remindersPerTask - reminders.filter((each) => !hasFired(each)).length;
  for (const reminder of reminders) {
    if (reminder.type === ReminderType.ABSOLUTE) continue;
    const { state: before, scheduledFor } = reminder;
    const time = timeOf(reminder.type, reminder.offsetMinutes, null, task.dueDate);
    const state = stateFor(time, tx.clock.now());
    if (time?.getTime() === scheduledFor?.getTime() && (state === before || hasFired(reminder))) continue;
    if (hasFired(reminder)) {
      if (state === ReminderState.CANCELLED || room <= 0) continue;
      room -= 1;
    }
    Object.assign(reminder, { scheduledFor: time, state });
    const isCancelled = state === ReminderState.CANCELLED && before !== state;
    const reason = time ? 'TOO_LATE' : 'NO_DUE_DATE';
    const fields = [
      ...(time?.getTime() === scheduledFor?.getTime() ? [] : ['scheduledFor']),
      ...(state === before ? [] : ['state']),
    ];
    await record(tx, isCancelled ? reminderCancelled(reminder, reason) : reminderMoved(reminder, fields, why));
  }
}

/** None fires on a completed task. */
export async function cancelReminders(tx: Tx, task: Task): Promise<void> {
  const reminders = await tx.entities().find(Reminder, {
    accountId: task.accountId,
    taskId: task.id,
    state: ReminderState.SCHEDULED,
  });
  for (const reminder of reminders) {
    reminder.state = ReminderState.CANCELLED;
    await record(tx, reminderCancelled(reminder, 'TASK_COMPLETED'));
  }
}

/** A task that is open again has its reminders again, as far as their time is still to come. */
export async function resumeReminders(tx: Tx, task: Task): Promise<void> {
  const reminders = await tx.entities().find(Reminder, {
    accountId: task.accountId,
    taskId: task.id,
    type: ReminderType.ABSOLUTE,
    state: ReminderState.CANCELLED,
    scheduledFor: { $gt: tx.clock.now() },
  });
  for (const reminder of reminders) {
    reminder.state = ReminderState.SCHEDULED;
    await record(tx, reminderMoved(reminder, ['state'], 'TASK_REOPENED'));
  }
  // The relative ones: the due date may have moved while the task was completed.
  await rescheduleReminders(tx, task, 'TASK_REOPENED');
}
