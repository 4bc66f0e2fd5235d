import {
  begunEarly,
  canonicalRule,
  firstOfRule,
  type GivenRule,
  isSameRule,
  localTimeOf,
  momentOf,
  type Occurrence,
  occurrencesFrom,
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
 * Whether a task is where a series has it: due on one of its dates, or moved from one of them by hand. `localTimes` are
 * the wall-clock times of the occurrences that it stands for, of which a change of the time zone leaves several.
 */
export function isOfSeries(series: Recurrence, dueDate: Date | null, localTimes: readonly string[]): boolean {
  if (!dueDate) return false;
  const due = localTimeOf(dueDate, series.timeZone);
  if (hasDate(series, due)) return true;
  return !localTimes.includes(due) && localTimes.some((localTime) => hasDate(series, localTime));
}

function hasDate(series: Recurrence, localTime: string): boolean {
  return occurrencesFrom(series, momentOf(localTime, series.timeZone), 1)[0]?.localTime === localTime;
}

/**
 * A series under another rule where its tasks stay as they are. In another time zone what was nine o'clock stays nine
 * o'clock. A new rule takes from the old one what it does not say itself, such as the time of day, and its COUNT counts
 * from the task that is still to come on where that is one of its dates, else from its own next occurrence. @throws VALIDATION_FAILED with the reason
 */
export function ruleOnwards(series: Series, given: GivenRule, now: Date, path: string): Recurrence {
  const { timeZone } = given;
  const { startsAt, openTime, made } = series;
  if (hasRule(series, given, path)) return { rule: series.rule, timeZone, startsAt };
  const fromNow = parseRecurrenceSoon(given, now, path);
  const { rule } = fromNow;
  const isToCome = openTime !== null && openTime >= localTimeOf(now, timeZone);
  const first = isToCome
    ? firstOfRule({ rule, timeZone, startsAt: openTime })
    : firstOfRule({ rule, timeZone, startsAt }, now, made);
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
 * which the task is due (where it has no due date, of the occurrence that it stood for) or later, but not before now. The same rule goes on with its COUNT, another one begins anew.
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
  const onItsDay = localTime ? withDay(series.startsAt, localTime) : series.startsAt;
  if (isSame) {
    const { rule, startsAt } = series;
    // A rule that the template alone was given before begins behind the task.
    const isBehind = localTime !== null && localTime < startsAt;
    const begun = isBehind ? begunEarly({ rule, timeZone, startsAt: onItsDay }) : { rule, timeZone, startsAt };
    const first = firstOfRule(begun, latest(now, dueDate && startOfDay(dueDate, timeZone)), series.made);
    const isEarlier = first !== null && first.localTime < startsAt;
    return { recurrence: { rule, timeZone, startsAt: isEarlier ? first.localTime : startsAt }, first };
  }
  const parsed = dueDate ? parseRecurrence(given, dueDate, path) : parseRecurrenceSoon(given, now, path);
  const early = begunEarly(dueDate ? parsed : { ...parsed, startsAt: onItsDay });
  const first = firstOfRule(early, latest(now, momentOf(early.startsAt, timeZone)), series.made);
  return { recurrence: first ? { ...parsed, startsAt: first.localTime } : parsed, first };
}

/** A wall-clock time on the day of another one. */
function withDay(localTime: string, other: string): string {
  const dateLength = 'YYYY-MM-DD'.length;
  return other.slice(0, dateLength) + localTime.slice(dateLength);
}

function latest(one: Date, other: Date | null): Date {
  return other && other > one ? other : one;
}
