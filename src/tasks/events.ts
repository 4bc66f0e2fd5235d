import { Source } from '../../entities/activity/event.js';
import type { FocusSession } from '../../entities/tasks/focus-session.js';
import type { Reminder } from '../../entities/tasks/reminder.js';
import type { Subtask } from '../../entities/tasks/subtask.js';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import type { TaskTemplate } from '../../entities/tasks/task-template.js';
import * as events from '../events/tasks.js';
import type { DomainEvent } from '../kernel/events.js';

type OfTask<Row extends { readonly id: string; readonly taskId: string }> = Pick<Row, 'id' | 'taskId'>;

/** A task was made, with this many subtasks. */
export function taskCreated(task: Pick<Task, 'id'>, subtasks: number): DomainEvent {
  return events.taskCreated(task.id, { subtasks });
}

/** A task was changed; `fields` names what. */
export function taskUpdated(task: Task, fields: readonly string[]): DomainEvent {
  return events.taskUpdated(task.id, { fields });
}

/** A completed task is open again; `reason` says why when the user did not ask for it. */
export function taskReopened(task: Task, reason?: 'SUBTASK_REOPENED'): DomainEvent {
  return reason === undefined
    ? events.taskReopened(task.id, {})
    : events.taskReopened(task.id, { reason }, Source.SYSTEM);
}

/** A task was deleted; its tombstone can bring it back, unless it is null. */
export function taskDeleted(task: Task, tombstoneId: string | null): DomainEvent {
  return events.taskDeleted(task.id, tombstoneId === null ? {} : { tombstoneId });
}

/** A task was brought back from its tombstone; `oneOff` says that it recurred, and that its template is gone. */
export function taskRecovered(task: Task, oneOff: boolean): DomainEvent {
  return events.taskRecovered(task.id, oneOff ? { oneOff } : {});
}

/** A task's subtasks have another order. */
export function subtasksReordered(task: Task): DomainEvent {
  return events.subtasksReordered(task.id, {});
}

/** A task was completed; one that its last subtask completed says that the system did it. */
export function taskCompleted(task: Task, by: CompletedBy): DomainEvent {
  const data = { focused: task.isFocusCompletion() };
  switch (by) {
    case CompletedBy.MANUAL:
      return events.taskCompleted(task.id, data);
    case CompletedBy.AUTO:
      return events.taskAutoCompleted(task.id, data, Source.SYSTEM);
    case CompletedBy.FORCE:
      return events.taskForceCompleted(task.id, data);
  }
}

/** A subtask was made. */
export function subtaskCreated({ id, taskId }: Subtask): DomainEvent {
  return events.subtaskCreated(id, { taskId });
}

/** A subtask was changed or opened again. */
export function subtaskUpdated({ id, taskId }: Subtask, fields: readonly string[]): DomainEvent {
  return events.subtaskUpdated(id, { taskId, fields });
}

/** A subtask is open again, since its task is. */
export function subtaskReopened({ id, taskId }: Subtask): DomainEvent {
  return events.subtaskUpdated(id, { taskId, fields: ['completed'], reason: 'TASK_REOPENED' }, Source.SYSTEM);
}

/** A subtask was completed, alone or together with its task. */
export function subtaskCompleted({ id, taskId }: OfTask<Subtask>): DomainEvent {
  return events.subtaskCompleted(id, { taskId });
}

/** A subtask was removed. */
export function subtaskRemoved({ id, taskId }: Subtask): DomainEvent {
  return events.subtaskRemoved(id, { taskId });
}

/** A reminder was made. */
export function reminderCreated({ id, taskId }: OfTask<Reminder>): DomainEvent {
  return events.reminderCreated(id, { taskId });
}

/** A reminder was changed; `fields` names what. */
export function reminderUpdated({ id, taskId }: OfTask<Reminder>, fields: readonly string[]): DomainEvent {
  return events.reminderUpdated(id, { taskId, fields });
}

/** A reminder is another one because of its task, and why. */
export function reminderMoved(
  { id, taskId }: OfTask<Reminder>,
  fields: readonly string[],
  reason: events.MoveReason,
): DomainEvent {
  return events.reminderUpdated(id, { taskId, fields, reason }, Source.SYSTEM);
}

/** A reminder was removed. */
export function reminderRemoved({ id, taskId }: Reminder): DomainEvent {
  return events.reminderRemoved(id, { taskId });
}

/** A reminder will not fire, and why. */
export function reminderCancelled({ id, taskId }: OfTask<Reminder>, reason: events.CancelReason): DomainEvent {
  return events.reminderCancelled(id, { taskId, reason }, Source.SYSTEM);
}

/** A reminder has fired for one of the times that it has had, RFC 3339. */
export function reminderSent(
  reminder: Pick<Reminder, 'id' | 'taskId' | 'method'> & { readonly scheduledFor: string },
): DomainEvent {
  const { id, taskId, method, scheduledFor } = reminder;
  return events.reminderSent(id, { taskId, method, scheduledFor });
}

/** A reminder has fired, but none of the user's browsers could be reached. */
export function reminderFailed({ id, taskId }: OfTask<Reminder>): DomainEvent {
  return events.reminderFailed(id, { taskId });
}

/** A template was made. */
export function templateCreated(template: TaskTemplate): DomainEvent {
  return events.templateCreated(template.id, {});
}

/** A template was changed, paused or resumed; `fields` names what. */
export function templateUpdated(template: Pick<TaskTemplate, 'id'>, fields: readonly string[]): DomainEvent {
  return events.templateUpdated(template.id, { fields });
}

/** A template was deleted; its tasks stay. */
export function templateDeleted(template: TaskTemplate): DomainEvent {
  return events.templateDeleted(template.id, {});
}

/** Making a template's next task failed; a job tries again. `reason` is an error code. */
export function instanceFailed(template: Pick<TaskTemplate, 'id'>, reason: string): DomainEvent {
  return events.instanceFailed(template.id, { reason }, Source.SYSTEM);
}

/** The server began to measure the time spent on a task. */
export function focusStarted({ id: sessionId, taskId }: FocusSession): DomainEvent {
  return events.focusStarted(taskId, { sessionId });
}

/** A focus session is over; `reason` says why when the user did not end it. */
export function focusEnded(
  { id: sessionId, taskId }: FocusSession,
  seconds: number,
  reason?: events.FocusEndReason,
): DomainEvent {
  return events.focusEnded(taskId, { sessionId, seconds, ...(reason === undefined ? {} : { reason }) });
}
