import { z } from 'zod';
import type { Tier } from '../../entities/accounts/account.js';
import { Priority } from '../../entities/tasks/priority.js';
import { limitsOfPlan } from '../accounts/index.js';
import { dayMs } from '../kernel/days.js';
import { invalid } from '../kernel/errors.js';
import { field } from '../kernel/input.js';

/** Characters of the longest description that any tier may write. */
const maxDescriptionLength = 2_000;
/** Days after its creation at which a one-off task may be due at the latest. */
const dueWithinDays = 30;

/** Characters of titles. */
export const [maxTitleLength, maxSubtaskTitleLength] = [200, 75];

/** A task's title. */
export const title = field.line(1, maxTitleLength);
/** A subtask's title. */
export const subtaskTitle = field.line(1, maxSubtaskTitleLength);
/** More than any tier allows: what is beyond it is refused before anything is read. */
const maxSubtasks = 100;
/** The subtasks of a new task or a template, in their order; null for none. */
export const newSubtasks = z
  .array(z.strictObject({ title: subtaskTitle, estimatedMinutes: field.estimatedMinutes.nullable().default(null) }))
  .max(maxSubtasks, `must have at most ${maxSubtasks} subtasks`)
  .nullable()
  .transform((subtasks) => subtasks ?? []);
/** @see newSubtasks */
export type NewSubtask = z.output<typeof newSubtasks>[number];
/** A task's description; null clears it. */
export const description = field
  .paragraphs(0, maxDescriptionLength)
  .nullable()
  .transform((text) => text ?? '');
/** A task's priority; null is the default. */
export const priority = z
  .enum(Priority)
  .nullable()
  .transform((value) => value ?? Priority.MEDIUM);
/** A due date; null for none. A reminder may come up to 30 days after it, and PostgreSQL reads no later year than 9999. */
export const dueDate = field.moment
  .refine((date) => date.getUTCFullYear() < 9_999, 'must lie before the year 9999')
  .nullable();
/** A task's tags, each once; null for none. */
export const tags = z
  .array(field.line(1, 30))
  .max(20, 'must have at most 20 tags')
  .nullable()
  .transform((names) => [...new Set(names ?? [])]);
/** An estimate; null for none. */
export const estimate = field.estimatedMinutes.nullable();

/**
 * No perk changes the limit. What was written on a better plan stays editable, but must not become longer.
 * @throws VALIDATION_FAILED for a description longer than the tier allows
 */
export function checkDescription(text: string, plan: Tier, before = ''): void {
  const limit = Math.max(limitsOfPlan(plan).descriptionLength, [...before].length);
  if ([...text].length > limit)
    throw invalid([{ field: 'description', rule: `must have at most ${limit} characters` }]);
}

/** @throws VALIDATION_FAILED for a due date more than 30 days after the task's creation */
export function checkDueDate(due: Date | null, createdAt: Date): void {
  if (due && !isWithin(due, createdAt)) {
    throw invalid([{ field: 'dueDate', rule: `must be at most ${dueWithinDays} days after the task's creation` }]);
  }
}

/** Whether a one-off task that is created then may be due at a moment. */
export function isPossibleDueDate(due: Date, createdAt: Date): boolean {
  return dueDate.safeParse(due).success && isWithin(due, createdAt);
}

function isWithin(due: Date, createdAt: Date): boolean {
  return due.getTime() <= createdAt.getTime() + dueWithinDays * dayMs;
}
