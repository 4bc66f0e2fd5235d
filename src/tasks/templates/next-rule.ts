import {
  begunEarly,
  canonicalRule,
  firstOfRule,
  type GivenRule,
  localTimeOf,
  momentOf,
  type Occurrence,
  parseRecurrence,
  parseRecurrenceSoon,
  type Recurrence,
} from '../recurrence/index.js';
import type { Series } from './series.js';

/** Whether a rule is the one that a series has, whatever its spelling. @throws VALIDATION_FAILED with the reason */
export function isRuleOf(series: Recurrence, given: GivenRule, path: string): boolean {
  return given.timeZone === series.timeZone && canonicalRule(given, path) === series.rule;
}

/**
 * A series under another rule where its tasks stay as they are. In another time zone what was nine o'clock stays nine
 * o'clock. A new rule takes from the old one what it does not say itself, such as the time of day, and its COUNT counts
 * from the task that is still to come on, else from its own next occurrence. @throws VALIDATION_FAILED with the reason
 */
export function ruleOnwards(series: Series, given: GivenRule, now: Date, path: string): Recurrence {
  const { timeZone } = given;
  const { startsAt, openTime, made } = series;
  const rule = canonicalRule(given, path);
  if (rule === series.rule) return { rule, timeZone, startsAt };
  const fromNow = parseRecurrenceSoon(given, now, path);
  if (openTime !== null && openTime >= localTimeOf(now, timeZone)) return { rule, timeZone, startsAt: openTime };
  const first = firstOfRule({ rule, timeZone, startsAt }, now, made);
  return first ? { rule, timeZone, startsAt: first.localTime } : fromNow;
}

/**
 * A series under another rule that one of its tasks moves to: to the first date of the rule that is free, on the day on
 * which the task is due or later, but not before now. Null for the date when there is none: then the task stays.
 * @throws VALIDATION_FAILED with the reason
 */
export function ruleFromTask(
  made: readonly string[],
  given: GivenRule,
  dueDate: Date | null,
  now: Date,
  path: string,
): { readonly recurrence: Recurrence; readonly first: Occurrence | null } {
  const parsed = dueDate ? parseRecurrence(given, dueDate, path) : parseRecurrenceSoon(given, now, path);
  const early = dueDate ? begunEarly(parsed) : parsed;
  const from = new Date(Math.max(momentOf(early.startsAt, early.timeZone).getTime(), now.getTime()));
  const first = firstOfRule(early, from, made);
  return { recurrence: first ? { ...parsed, startsAt: first.localTime } : parsed, first };
}
