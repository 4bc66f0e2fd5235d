import { z } from 'zod';
import type { Task } from '../../../entities/tasks/task.js';
import { AppError, invalid } from '../../kernel/errors.js';

/** What an edit of a task of a series reaches. */
export enum RecurrenceScope {
  THIS_ONLY = 'THIS_ONLY',
  THIS_AND_FUTURE = 'THIS_AND_FUTURE',
  TEMPLATE_ONLY = 'TEMPLATE_ONLY',
}

/** A scope as clients give it; null when they leave it open. */
export const recurrenceScope = z.enum(RecurrenceScope).nullable().default(null);

/** Where an edit of a task, its subtasks or its reminders is made. */
export interface Reach {
  /** Whether the task itself is changed. */
  readonly here: boolean;
  /** The template that is changed; null for none. */
  readonly templateId: string | null;
  /** Whether the user said so; else what the template has no room for stays with the task alone. */
  readonly isAsked: boolean;
}

/**
 * What an edit of a task's subtasks or reminders reaches. Left open it is the task and those to come, as users expect
 * who know one list only; of a completed task it is that alone. @throws VALIDATION_FAILED for more than a one-off itself
 */
export function reachOf({ templateId, completed }: Task, scope: RecurrenceScope | null): Reach {
  const isAsked = scope !== null;
  if (templateId === null) {
    if (isAsked && scope !== RecurrenceScope.THIS_ONLY) throw refusedScope(`${scope} goes with a recurring task`);
    return { here: true, templateId, isAsked };
  }
  const wanted = scope ?? (completed ? RecurrenceScope.THIS_ONLY : RecurrenceScope.THIS_AND_FUTURE);
  return {
    here: wanted !== RecurrenceScope.TEMPLATE_ONLY,
    templateId: wanted === RecurrenceScope.THIS_ONLY ? null : templateId,
    isAsked,
  };
}

/**
 * What an edit of the task itself reaches: left open it alone; with its first recurrence the series that it begins.
 * @throws VALIDATION_FAILED
 */
export function reachOfTask(task: Task, scope: RecurrenceScope | null, givesRecurrence: boolean): Reach {
  if (task.templateId !== null || !givesRecurrence) return reachOf(task, scope ?? RecurrenceScope.THIS_ONLY);
  if (scope !== null && scope !== RecurrenceScope.THIS_AND_FUTURE)
    throw refusedScope('must be THIS_AND_FUTURE, or not given, for a task that does not recur yet');
  // What the task has by then becomes the template's.
  return { here: true, templateId: null, isAsked: scope !== null };
}

/** A scope that does not go with what is asked. */
export function refusedScope(rule: string): AppError {
  return invalid([{ field: 'recurrenceScope', rule }]);
}

/** Nothing would change: the template alone is meant, and knows nothing of it. @throws CONFLICT */
export function refuseUnknown({ here }: Reach, what: string): void {
  if (!here) throw new AppError('CONFLICT', `The template has no such ${what}; it is of this task alone.`);
}
