import {
  begunEarly,
  canonicalRule,
  dayOfTime,
  firstInStep,
  firstOfRule,
  type GivenRule,
  isCounted,
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
 * o'clock. A new rule takes from the old one what it does not say itself, such as the time of day, and begins at its
 * next date, also where the task that is still to come is due later; but its COUNT counts from that task on where it is
 * one of its dates, since nothing comes before it is done. @throws VALIDATION_FAILED with the reason
 */
export function ruleOnwards(series: Series, given: GivenRule, now: Date, path: string): Recurrence {
  const { timeZone } = given;
  const { startsAt, openTime, made } = series;
  if (hasRule(series, given, path)) return { rule: series.rule, timeZone, startsAt };
  const fromNow = parseRecurrenceSoon(given, now, path);
  const { rule } = fromNow;
  const begun = localTimeOf(now, timeZone);
  const isToCome = openTime !== null && openTime >= begun;
  const ahead = { rule, timeZone, startsAt: isToCome ? openTime : startsAt };
  const onwards = isToCome ? firstOfRule(ahead) : firstOfRule(ahead, now, made);
  const isBound = ahead.startsAt < begun || (isToCome && isCounted(ahead));
  const nearer = isBound ? null : firstInStep(ahead, now, takenOf(series, null));
  const first = earliest(onwards, nearer);
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
 * which the task is due or later, but not before now; without a due date to the first one from now on. The same rule
 * goes on with its COUNT, another one begins anew.
 * @throws VALIDATION_FAILED with the reason
 */
export function ruleFromTask(
  series: Series,
  given: GivenRule,
  task: TurningTask,
  now: Date,
  path: string,
): TurnedSeries {
  const { timeZone } = given;
  const { dueDate, keepsDueDate, localTime } = task;
  const isSame = hasRule(series, given, path);
  if (dueDate && keepsDueDate) {
    const rule = isSame && localTime ? withoutCounted(series, localTime) : given.rule;
    const recurrence = parseRecurrence({ rule, timeZone }, dueDate, path);
    return { recurrence, first: { localTime: recurrence.startsAt, at: dueDate } };
  }
  if (isSame) return sameRuleFromTask({ ...series, timeZone }, task, now);
  if (dueDate) {
    const parsed = parseRecurrence(given, dueDate, path);
    const early = begunEarly(parsed);
    return begunAt(parsed, firstOfRule(early, latest(now, momentOf(early.startsAt, timeZone)), series.made));
  }
  const parsed = parseRecurrenceSoon(given, now, path);
  const ahead = { ...parsed, startsAt: onItsDay(series, localTime) };
  return begunAt(parsed, firstInStep(ahead, now, takenOf(series, localTime)));
}

function sameRuleFromTask(series: Series, { dueDate, localTime }: TurningTask, now: Date): TurnedSeries {
  const { rule, timeZone, startsAt, made } = series;
  const same = { rule, timeZone, startsAt };
  // A rule that the template alone was given before begins behind the task.
  const isBehind = localTime !== null && localTime < startsAt;
  const begun = isBehind ? begunEarly({ ...same, startsAt: onItsDay(series, localTime) }) : same;
  const onwards = firstOfRule(begun, latest(now, dueDate && startOfDay(dueDate, timeZone)), made);
  // Where none of its dates has been a task yet, nothing holds it to where it begins.
  const isFirst = !made.some((each) => each >= startsAt);
  const nearer = dueDate || !isFirst ? null : firstInStep(same, now, takenOf(series, localTime));
  const first = earliest(onwards, nearer);
  return first && first.localTime < startsAt ? begunAt(same, first) : { recurrence: same, first };
}

function begunAt(recurrence: Recurrence, first: Occurrence | null): TurnedSeries {
  return { recurrence: first ? { ...recurrence, startsAt: first.localTime } : recurrence, first };
}

/**
 * Which wall-clock times a rule that begins now leaves out: those on days that have had a task of the series, but on the
 * day of the task that moves only those that were made.
 */
function takenOf({ made }: Series, moving: string | null): (localTime: string) => boolean {
  const itsDay = moving && dayOfTime(moving);
  const days = new Set(made.map(dayOfTime).filter((day) => day !== itsDay));
  return (localTime) => days.has(dayOfTime(localTime)) || made.includes(localTime);
}

/** The time of day at which a series begins, on the day of an occurrence: what a new rule takes from it. */
function onItsDay({ startsAt }: Series, localTime: string | null): string {
  return localTime ? dayOfTime(localTime) + startsAt.slice(dayOfTime(startsAt).length) : startsAt;
}

function earliest(one: Occurrence | null, other: Occurrence | null): Occurrence | null {
  if (!one || !other) return one ?? other;
  return one.localTime <= other.localTime ? one : other;
}

function latest(one: Date, other: Date | null): Date {
  return other && other > one ? other : one;
}
