import { Source } from '../../entities/activity/event.js';
import type { FocusSession } from '../../entities/tasks/focus-session.js';
import type { Reminder } from '../../entities/tasks/reminder.js';
import type { Subtask } from '../../entities/tasks/subtask.js';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import type { TaskTemplate } from '../../entities/tasks/task-template.js';
import type { DomainEvent } from '../activity/index.js';
import type { EventType } from '../kernel/event-types.js';

/** A task was made, with this many subtasks. */
export function taskCreated(task: Pick<Task, 'id'>, subtasks: number): DomainEvent {
  return about(task, 'task.created', { subtasks });
}

/** A task was changed; `fields` names what. */
export function taskUpdated(task: Task, fields: readonly string[]): DomainEvent {
  return about(task, 'task.updated', { fields });
}

const completionTypes = {
  [CompletedBy.MANUAL]: 'task.completed',
  [CompletedBy.AUTO]: 'task.auto_completed',
  [CompletedBy.FORCE]: 'task.force_completed',
} as const;

/** A completed task is open again; `reason` says why when the user did not ask for it. */
export function taskReopened(task: Task, reason?: string): DomainEvent {
  if (reason === undefined) return about(task, 'task.reopened', {});
  return { ...about(task, 'task.reopened', { reason }), source: Source.SYSTEM };
}

/** A task was deleted; its tombstone can bring it back, unless it is null. */
export function taskDeleted(task: Task, tombstoneId: string | null): DomainEvent {
  return about(task, 'task.deleted', tombstoneId === null ? {} : { tombstoneId });
}

/** A task was brought back from its tombstone; `oneOff` says that it recurred, and that its template is gone. */
export function taskRecovered(task: Task, oneOff: boolean): DomainEvent {
  return about(task, 'task.recovered', oneOff ? { oneOff } : {});
}

/** A task's subtasks have another order. */
export function subtasksReordered(task: Task): DomainEvent {
  return about(task, 'task.subtasks_reordered', {});
}

/**
 * A task was completed; one that its last subtask completed says that the system did it. `focused` says whether at
 * least half its estimate was spent in focus.
 */
export function taskCompleted(task: Task, by: CompletedBy): DomainEvent {
  const event = about(task, completionTypes[by], { focused: task.isFocusCompletion() });
  return by === CompletedBy.AUTO ? { ...event, source: Source.SYSTEM } : event;
}

/** A subtask was made. */
export function subtaskCreated(subtask: Subtask): DomainEvent {
  return ofSubtask(subtask, 'subtask.created');
}

/** A subtask was changed or opened again. */
export function subtaskUpdated(subtask: Subtask, fields: readonly string[]): DomainEvent {
  return { ...ofSubtask(subtask, 'subtask.updated'), metadata: { taskId: subtask.taskId, fields } };
}

/** A subtask is open again, since its task is. */
export function subtaskReopened(subtask: Subtask): DomainEvent {
  const { taskId } = subtask;
  const metadata = { taskId, fields: ['completed'], reason: 'The task was reopened.' };
  return { ...ofSubtask(subtask, 'subtask.updated'), metadata, source: Source.SYSTEM };
}

/** A subtask was completed, alone or together with its task. */
export function subtaskCompleted(subtask: Pick<Subtask, 'id' | 'taskId'>): DomainEvent {
  return ofSubtask(subtask, 'subtask.completed');
}

/** A subtask was removed. */
export function subtaskRemoved(subtask: Subtask): DomainEvent {
  return ofSubtask(subtask, 'subtask.removed');
}

/** A reminder was made. */
export function reminderCreated(reminder: Pick<Reminder, 'id' | 'taskId'>): DomainEvent {
  return ofReminder(reminder, 'reminder.created', {});
}

/** A reminder was changed, or moved with its task's due date; `fields` names what. */
export function reminderUpdated(reminder: Pick<Reminder, 'id' | 'taskId'>, fields: readonly string[]): DomainEvent {
  return ofReminder(reminder, 'reminder.updated', { fields });
}

/** A reminder was removed. */
export function reminderRemoved(reminder: Reminder): DomainEvent {
  return ofReminder(reminder, 'reminder.removed', {});
}

/** Why a reminder will not fire when nobody was there at its time. */
export const tooLate = 'Its time has passed.';

/** A reminder will not fire, and why. */
export function reminderCancelled(reminder: Pick<Reminder, 'id' | 'taskId'>, reason: string): DomainEvent {
  return { ...ofReminder(reminder, 'reminder.cancelled', { reason }), source: Source.SYSTEM };
}

/** A reminder has fired for one of the times that it has had, RFC 3339. */
export function reminderSent(
  reminder: Pick<Reminder, 'id' | 'taskId' | 'method'> & { readonly scheduledFor: string },
): DomainEvent {
  const { method, scheduledFor } = reminder;
  return ofReminder(reminder, 'reminder.sent', { method, scheduledFor });
}

/** A reminder has fired, but none of the user's browsers could be reached. */
export function reminderFailed(reminder: Pick<Reminder, 'id' | 'taskId'>): DomainEvent {
  return ofReminder(reminder, 'reminder.failed', {});
}

/** A template was made. */
export function templateCreated(template: TaskTemplate): DomainEvent {
  return ofTemplate(template, 'task_template.created', {});
}

/** A template was changed, paused or resumed; `fields` names what. */
export function templateUpdated(template: Pick<TaskTemplate, 'id'>, fields: readonly string[]): DomainEvent {
  return ofTemplate(template, 'task_template.updated', { fields });
}

/** A template was deleted; its tasks stay. */
export function templateDeleted(template: TaskTemplate): DomainEvent {
  return ofTemplate(template, 'task_template.deleted', {});
}

/** Making a template's next task failed; a job tries again. */
export function instanceFailed(template: Pick<TaskTemplate, 'id'>, reason: string): DomainEvent {
  return { ...ofTemplate(template, 'task_template.instance_failed', { reason }), source: Source.SYSTEM };
}

/** The server began to measure the time spent on a task. */
export function focusStarted(session: FocusSession): DomainEvent {
  return ofFocus(session, 'focus.started', {});
}

/** A focus session is over; `reason` says why when the user did not end it. */
export function focusEnded(session: FocusSession, seconds: number, reason?: string): DomainEvent {
  return ofFocus(session, 'focus.ended', { seconds, ...(reason === undefined ? {} : { reason }) });
}

function about(task: Pick<Task, 'id'>, type: EventType, metadata: DomainEvent['metadata']): DomainEvent {
  return { type, entityType: 'task', entityId: task.id, metadata: metadata ?? {} };
}

function ofSubtask(subtask: Pick<Subtask, 'id' | 'taskId'>, type: EventType): DomainEvent {
  return { type, entityType: 'subtask', entityId: subtask.id, metadata: { taskId: subtask.taskId } };
}

function ofReminder({ id, taskId }: Pick<Reminder, 'id' | 'taskId'>, type: EventType, metadata: object): DomainEvent {
  return { type, entityType: 'reminder', entityId: id, metadata: { taskId, ...metadata } };
}

function ofTemplate(
  template: Pick<TaskTemplate, 'id'>,
  type: EventType,
  metadata: DomainEvent['metadata'],
): DomainEvent {
  return { type, entityType: 'task_template', entityId: template.id, metadata: metadata ?? {} };
}

/** A session is news of its task: that is what clients read anew. */
function ofFocus({ id, taskId }: FocusSession, type: EventType, metadata: object): DomainEvent {
  return { type, entityType: 'task', entityId: taskId, metadata: { sessionId: id, ...metadata } };
}
