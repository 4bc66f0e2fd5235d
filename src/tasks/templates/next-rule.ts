import {
  begunEarly,
  canonicalRule,
  firstOfRule,
  type GivenRule,
  isSameRule,
  localTimeOf,
  momentOf,
  type Occurrence,
  parseRecurrence,
  parseRecurrenceSoon,
  type Recurrence,
  startOfDay,
  withoutCounted,
} from '../recurrence/index.js';
import type { Series } from './series.js';

/** Whether a series has a rule already, however that is spelled. @throws VALIDATION_FAILED with the reason */
export function isRuleOf(series: Recurrence, given: GivenRule, path: string): boolean {
  return given.timeZone === series.timeZone && hasRule(series, given, path);
}

function hasRule(series: Recurrence, given: GivenRule, path: string): boolean {
  return isSameRule(canonicalRule(given, path), series.rule, given.timeZone);
}

/**
 * A series under another rule where its tasks stay as they are. In another time zone what was nine o'clock stays nine
 * o'clock. A new rule takes from the old one what it does not say itself, such as the time of day, and its COUNT counts
 * from the task that is still to come on, else from its own next occurrence. @throws VALIDATION_FAILED with the reason
 */
export function ruleOnwards(series: Series, given: GivenRule, now: Date, path: string): Recurrence {
  const { timeZone } = given;
  const { startsAt, openTime, made } = series;
  if (hasRule(series, given, path)) return { rule: series.rule, timeZone, startsAt };
  const fromNow = parseRecurrenceSoon(given, now, path);
  const { rule } = fromNow;
  if (openTime !== null && openTime >= localTimeOf(now, timeZone)) return { rule, timeZone, startsAt: openTime };
  const first = firstOfRule({ rule, timeZone, startsAt }, now, made);
  return first ? { rule, timeZone, startsAt: first.localTime } : fromNow;
}

/** The task with which a series goes on under another rule. */
export interface TurningTask {
  /** When it is due; null leaves that to the rule. */
  readonly dueDate: Date | null;
  /** Whether it is due then whatever the rule says. */
  readonly keepsDueDate: boolean;
  /** The wall-clock time of the occurrence that it stood for; null for none. */
  readonly localTime: string | null;
}

/** A series under another rule, and its first date: null when there is none that is free, and the task stays. */
export interface TurnedSeries {
  readonly recurrence: Recurrence;
  readonly first: Occurrence | null;
}

/**
 * A series under another rule that one of its tasks follows: to the first date of the rule that is free, on the day on
 * which the task is due or later, but not before now. The same rule goes on with its COUNT, another one begins anew.
 * @throws VALIDATION_FAILED with the reason
 */
export function ruleFromTask(
  series: Series,
  given: GivenRule,
  { dueDate, keepsDueDate, localTime }: TurningTask,
  now: Date,
  path: string,
): TurnedSeries {
  const { timeZone } = given;
  const isSame = hasRule(series, given, path);
  if (dueDate && keepsDueDate) {
    const rule = isSame && localTime ? withoutCounted(series, localTime) : given.rule;
    const recurrence = parseRecurrence({ rule, timeZone }, dueDate, path);
    return { recurrence, first: { localTime: recurrence.startsAt, at: dueDate } };
  }
  if (isSame) {
    const recurrence = { rule: series.rule, timeZone, startsAt: series.startsAt };
    return {
      recurrence,
      first: firstOfRule(recurrence, latest(now, dueDate && startOfDay(dueDate, timeZone)), series.made),
    };
  }
  const parsed = dueDate ? parseRecurrence(given, dueDate, path) : parseRecurrenceSoon(given, now, path);
  const early = dueDate ? begunEarly(parsed) : { ...parsed, startsAt: series.startsAt };
  const first = firstOfRule(early, latest(now, momentOf(early.startsAt, timeZone)), series.made);
  return { recurrence: first ? { ...parsed, startsAt: first.localTime } : parsed, first };
}

function latest(one: Date, other: Date | null): Date {
  return other && other > one ? other : one;
}
