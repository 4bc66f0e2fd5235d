import { z } from 'zod';
import { type Reminder, ReminderType } from '../../../entities/tasks/reminder.js';
import { readMe } from '../../auth/index.js';
import type { Tx } from '../../kernel/context.js';
import { minuteMs } from '../../kernel/days.js';
import { field } from '../../kernel/input.js';
import { firstOfRule, parseRecurrence, parseRecurrenceFromNow, type Recurrence } from '../recurrence/index.js';

/** A recurrence as clients give it: null for the time zone is the user's own. */
export const recurrence = z.strictObject({ rule: z.string(), timeZone: field.timeZone.nullable().default(null) });

/** @see recurrence */
export type GivenRecurrence = z.output<typeof recurrence>;

/** What a reminder asks of the first date of a series. */
type Offset = Pick<Reminder, 'type' | 'offsetMinutes'>;

/**
 * A rule of which the first task is due when the user says, else at the rule's first occurrence for which all reminders
 * are in time. `path` leads to it in the input. @throws VALIDATION_FAILED with the reason
 */
export async function readSeriesFrom(
  tx: Tx,
  given: GivenRecurrence,
  firstDueDate: Date | null,
  path: string,
  reminders: readonly Offset[],
): Promise<Recurrence> {
  const rule = { rule: given.rule, timeZone: await zoneOf(tx, given) };
  if (firstDueDate) return parseRecurrence(rule, firstDueDate, path);
  const now = tx.clock.now();
  const soon = parseRecurrenceFromNow(rule, now, path);
  const before = reminders.filter(({ type }) => type === ReminderType.BEFORE);
  if (before.length === 0) return soon;
  // Each fires after now.
  const lead = Math.max(...before.map(({ offsetMinutes }) => offsetMinutes ?? 0)) * minuteMs;
  const first = firstOfRule(soon, new Date(now.getTime() + lead + 1));
  return first ? { ...soon, startsAt: first.localTime } : soon;
}

/** The time zone that was given, else the user's own. */
export async function zoneOf(tx: Tx, given: { readonly timeZone: string | null }): Promise<string> {
  return given.timeZone ?? (await readMe(tx)).timeZone;
}
