import { z } from 'zod';
import { ReminderMethod } from '../../entities/tasks/reminder.js';
import { defineEvent } from '../kernel/events.js';
import { fields, nothing, ofTask, word } from './shapes.js';

export const taskCreated = defineEvent(
  'task.created',
  'task',
  'A task was made; the number of its subtasks is given.',
  z.object({ subtasks: z.int() }),
);

export const taskUpdated = defineEvent('task.updated', 'task', 'A task was changed.', fields);

/** `focused` says whether at least half the estimate was spent in focus. */
const completion = z.object({ focused: z.boolean() });

export const taskCompleted = defineEvent('task.completed', 'task', 'A task was completed by its user.', completion);

export const taskAutoCompleted = defineEvent(
  'task.auto_completed',
  'task',
  'A task was completed with its last open subtask.',
  completion,
);

export const taskForceCompleted = defineEvent(
  'task.force_completed',
  'task',
  'A task was completed by its user together with its open subtasks.',
  completion,
);

export const taskReopened = defineEvent(
  'task.reopened',
  'task',
  'A completed task is open again; the reason says why when its user did not ask for it.',
  z.object({ reason: z.enum(['SUBTASK_REOPENED']).optional() }),
);

export const taskDeleted = defineEvent(
  'task.deleted',
  'task',
  'A task was deleted; what was kept of it can bring it back, when that is named.',
  z.object({ tombstoneId: z.uuid().optional() }),
);

export const taskRecovered = defineEvent(
  'task.recovered',
  'task',
  'A deleted task was brought back; as a one-off when its template is gone.',
  z.object({ oneOff: z.literal(true).optional() }),
);

export const subtasksReordered = defineEvent(
  'task.subtasks_reordered',
  'task',
  'The subtasks of a task have another order.',
  nothing,
);

export const subtaskCreated = defineEvent('subtask.created', 'subtask', 'A subtask was made.', ofTask);

export const subtaskUpdated = defineEvent(
  'subtask.updated',
  'subtask',
  'A subtask was changed or opened again; the reason says why when its user did not ask for it.',
  ofTask.extend(fields.shape).extend({ reason: z.enum(['TASK_REOPENED']).optional() }),
);

export const subtaskCompleted = defineEvent(
  'subtask.completed',
  'subtask',
  'A subtask was completed, alone or together with its task.',
  ofTask,
);

export const subtaskRemoved = defineEvent('subtask.removed', 'subtask', 'A subtask was removed.', ofTask);

export const reminderCreated = defineEvent('reminder.created', 'reminder', 'A reminder was made.', ofTask);

/** Why a reminder is another one when its user did not change it. */
const moves = ['DUE_DATE_MOVED', 'TASK_REOPENED'] as const;
export type MoveReason = (typeof moves)[number];

export const reminderUpdated = defineEvent(
  'reminder.updated',
  'reminder',
  'A reminder was changed; the reason says why when its user did not: its due date moved, or its task was reopened.',
  ofTask.extend(fields.shape).extend({ reason: z.enum(moves).optional() }),
);

export const reminderRemoved = defineEvent('reminder.removed', 'reminder', 'A reminder was removed.', ofTask);

/** Why a reminder will not fire. */
const cancellations = ['TOO_LATE', 'NO_DUE_DATE', 'TASK_COMPLETED', 'TASK_PUT_AWAY'] as const;
export type CancelReason = (typeof cancellations)[number];

export const reminderCancelled = defineEvent(
  'reminder.cancelled',
  'reminder',
  'A reminder will not fire: its time has passed, its task has no due date or is completed, or was hidden or archived at its time.',
  ofTask.extend({ reason: z.enum(cancellations) }),
);

export const reminderSent = defineEvent(
  'reminder.sent',
  'reminder',
  'A reminder has fired for one of the times that it has had.',
  ofTask.extend({ method: z.enum(ReminderMethod), scheduledFor: z.iso.datetime() }),
);

export const reminderFailed = defineEvent(
  'reminder.failed',
  'reminder',
  'A reminder has fired, but no browser could be reached.',
  ofTask,
);

export const templateCreated = defineEvent('task_template.created', 'task_template', 'A template was made.', nothing);

export const templateUpdated = defineEvent(
  'task_template.updated',
  'task_template',
  'A template was changed, paused or resumed.',
  fields,
);

export const templateDeleted = defineEvent(
  'task_template.deleted',
  'task_template',
  'A template was deleted; its tasks stay.',
  nothing,
);

export const instanceFailed = defineEvent(
  'task_template.instance_failed',
  'task_template',
  'The next task of a template could not be made; it is tried again. The reason is an error code.',
  z.object({ reason: word }),
);

/** A session is news of its task: that is what clients read anew. */
const ofSession = z.object({ sessionId: z.uuid() });

export const focusStarted = defineEvent(
  'focus.started',
  'task',
  'The server began to measure the time that somebody spends on a task.',
  ofSession,
);

/** Why a focus session ends when its user did not end it. */
const focusReasons = ['TIME_LIMIT', 'TASK_PUT_AWAY'] as const;
export type FocusEndReason = (typeof focusReasons)[number];

export const focusEnded = defineEvent(
  'focus.ended',
  'task',
  'The time that somebody spends on a task is no longer measured; the number of seconds is given.',
  ofSession.extend({ seconds: z.int(), reason: z.enum(focusReasons).optional() }),
);
