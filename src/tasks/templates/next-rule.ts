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
import type { BoundSeries } from './occurrence-rows.js';
import { timeIn } from './series.js';

/** Whether a series has a rule already, however that is spelled. @throws VALIDATION_FAILED with the reason */
export function isRuleOf(series: Recurrence, given: GivenRule, path: string): boolean {
  return given.timeZone === series.timeZone && ownRule(series, given, path) !== null;
}

/**
 * The rule of a series as it goes on when it is given again; null for another one. In another time zone it may end by
 * the same wall clock: an UNTIL without a zone is read in the one that it is given with.
 */
function ownRule(series: Recurrence, given: GivenRule, path: string): string | null {
  const { rule, timeZone } = series;
  const canonical = canonicalRule(given, path);
  if (isSameRule(canonical, rule, given.timeZone)) return rule;
  const before = canonicalRule({ ...given, timeZone }, path);
  return isSameRule(before, rule, timeZone) ? canonical : null;
}

/**
 * Whether a task is where a series has it: due on one of its dates, or moved from one of them by hand. `localTimes` are
 * the wall-clock times of the occurrences that it stands for, of which a change of the time zone leaves several.
 */
export function isOfSeries(series: Recurrence, dueDate: Date | null, localTimes: readonly string[]): boolean {
  if (!dueDate) return false;
  return hasDate(series, localTimeOf(dueDate, series.timeZone)) || movedFrom(series, dueDate, localTimes) !== null;
}

/** The date of a series from which a task was moved by hand; null for one that was not, or stands for no date of it. */
function movedFrom(series: Recurrence, dueDate: Date, localTimes: readonly string[]): string | null {
  if (localTimes.includes(localTimeOf(dueDate, series.timeZone))) return null;
  return dateAmong(series, localTimes);
}

/** Which of some wall-clock times is a date of a series; null when none is. */
function dateAmong(series: Recurrence, localTimes: readonly string[]): string | null {
  return localTimes.find((localTime) => hasDate(series, localTime)) ?? null;
}

/** Its beginning is one, also where the rule alone has none. */
function hasDate({ rule, timeZone, startsAt }: Recurrence, localTime: string): boolean {
  if (localTime === startsAt) return true;
  return occurrencesFrom({ rule, timeZone, startsAt }, momentOf(localTime, timeZone), 1)[0]?.localTime === localTime;
}

/** Whether a series goes on by its rule under what it is given, in whichever time zone. @throws VALIDATION_FAILED */
export function goesOn(series: BoundSeries, given: GivenRule, path: string): boolean {
  return ruleGoingOn(series, given, path) !== null;
}

/** A rule of which no date has been a task yet, and that comes to another time zone, begins there anew. */
function ruleGoingOn(series: BoundSeries, given: GivenRule, path: string): string | null {
  const isBegun =
    given.timeZone === series.timeZone || series.made.some((each) => timeIn(series.timeZone, each) >= series.startsAt);
  return isBegun ? ownRule(series, given, path) : null;
}

/** A rule with the days that it leaves out. */
type NextRule = Required<Recurrence>;

/**
 * A series under another rule where its tasks stay as they are. In another time zone what was nine o'clock stays nine
 * o'clock. A new rule takes from the old one what it does not say itself, such as the time of day, and begins at its
 * next date, also where the task that is still to come is due later; but its COUNT counts from that task on where its
 * day is one of its dates, since nothing comes before it is done. It leaves out the days on which the old one's tasks
 * are due. @throws VALIDATION_FAILED with the reason
 */
export function ruleOnwards(series: BoundSeries, given: GivenRule, now: Date, path: string): NextRule {
  const { timeZone } = given;
  const { startsAt, takenDays, usedDays } = series;
  const rule = ruleGoingOn(series, given, path);
  if (rule !== null) return { rule, timeZone, startsAt, takenDays };
  const fromNow = { ...parseRecurrenceSoon(given, now, path), takenDays: usedDays };
  const first = firstOnwards(series, fromNow, now);
  return first ? { ...fromNow, startsAt: first.localTime } : fromNow;
}

function firstOnwards(series: BoundSeries, fromNow: NextRule, now: Date): Occurrence | null {
  const { startsAt, openTime, openDueDate, usedDays } = series;
  const begun = localTimeOf(now, fromNow.timeZone);
  const due = openDueDate ? localTimeOf(new Date(openDueDate), fromNow.timeZone) : openTime;
  const openDays = [due, openTime].map((localTime) => localTime && dayOfTime(localTime));
  const onItsDays = { ...fromNow, takenDays: usedDays.filter((day) => !openDays.includes(day)) };
  if (due !== null && due >= begun && isCounted(fromNow)) {
    return firstOfRule(begunEarly({ ...onItsDays, startsAt: onItsDay(series, due) }));
  }
  const isToCome = openTime !== null && openTime >= begun;
  const ahead = { ...(isToCome ? onItsDays : fromNow), startsAt: isToCome ? onItsDay(series, openTime) : startsAt };
  const isTaken = takenOf(series, null);
  const onwards = isToCome ? firstOfRule(ahead) : firstOfRule(ahead, now, isTaken);
  return ahead.startsAt < begun ? onwards : earliest(onwards, firstInStep(ahead, now, isTaken));
}

/** The task with which a series goes on under another rule. */
export interface TurningTask {
  /** When it is due; null leaves that to the rule. */
  readonly dueDate: Date | null;
  /** Whether it is due then whatever the rule says. */
  readonly keepsDueDate: boolean;
  /** The wall-clock times of the occurrences that it stood for: several where the time zone has changed. */
  readonly localTimes: readonly string[];
}

/** A series under another rule, and its first date: null when there is none that is free, and the task stays. */
export interface TurnedSeries {
  readonly recurrence: NextRule;
  readonly first: Occurrence | null;
}

/**
 * A series under another rule that one of its tasks follows: to the first date of the rule that is free, on the day on
 * which the task is due or later, but not before now; without a due date to the first one from now on. The same rule
 * goes on with its COUNT, and a task that was moved by hand stays; another one begins anew.
 * @throws VALIDATION_FAILED with the reason
 */
export function ruleFromTask(
  series: BoundSeries,
  given: GivenRule,
  task: TurningTask,
  now: Date,
  path: string,
): TurnedSeries {
  const { timeZone } = given;
  const { dueDate, keepsDueDate, localTimes } = task;
  const localTime = dateAmong(series, localTimes) ?? localTimes[0] ?? null;
  // In another time zone, too, the task is on its day, not on the one that has begun there meanwhile.
  const wallDate = dueDate && momentIn(timeZone, series, dueDate);
  const rule = ownRule(series, given, path);
  const takenDays = rule !== null ? series.takenDays.filter((day) => series.usedDays.includes(day)) : series.usedDays;
  if (dueDate && keepsDueDate) {
    const left = rule !== null && localTime ? withoutCounted({ ...series, rule }, localTime) : given.rule;
    const recurrence = { ...parseRecurrence({ rule: left, timeZone }, dueDate, path), takenDays };
    return { recurrence, first: { localTime: recurrence.startsAt, at: dueDate } };
  }
  if (rule !== null) {
    const same = { ...series, rule, timeZone, takenDays };
    const moved = dueDate && movedFrom(series, dueDate, localTimes);
    return moved ? movedByHand(same, moved, dueDate) : sameRuleFromTask(same, wallDate, localTime, now);
  }
  if (wallDate) {
    const parsed = { ...parseRecurrence(given, wallDate, path), takenDays };
    const early = { ...begunEarly(parsed), takenDays: [] };
    const from = latest(now, momentOf(early.startsAt, timeZone));
    return begunAt(parsed, firstOfRule(early, from, takenOf(series, localTime)));
  }
  const parsed = { ...parseRecurrenceSoon(given, now, path), takenDays };
  const ahead = { ...parsed, takenDays: [], startsAt: onItsDay(series, localTime) };
  return begunAt(parsed, firstInStep(ahead, now, takenOf(series, localTime)));
}

/** The moment at which a time zone's wall clock shows what that of a series shows at another. */
function momentIn(zone: string, { timeZone }: Recurrence, at: Date): Date {
  return zone === timeZone ? at : momentOf(localTimeOf(at, timeZone), zone);
}

/** It goes on standing for the date from which it was moved, so that this does not come back. */
function movedByHand({ rule, timeZone, startsAt, takenDays }: BoundSeries, localTime: string, at: Date): TurnedSeries {
  return { recurrence: { rule, timeZone, startsAt, takenDays }, first: { localTime, at } };
}

function sameRuleFromTask(
  series: BoundSeries,
  dueDate: Date | null,
  localTime: string | null,
  now: Date,
): TurnedSeries {
  const { rule, timeZone, startsAt, takenDays, madeTimes } = series;
  const same = { rule, timeZone, startsAt, takenDays };
  // A rule that the template alone was given before begins behind the task.
  const isBehind = localTime !== null && localTime < startsAt;
  const begun = isBehind ? begunEarly({ ...same, startsAt: onItsDay(series, localTime) }) : same;
  const onwards = firstOfRule(begun, latest(now, dueDate && startOfDay(dueDate, timeZone)), (each) =>
    madeTimes.includes(each),
  );
  // Where none of its dates has been a task yet, nothing holds it to where it begins.
  const isFirst = !madeTimes.some((each) => each >= startsAt);
  const nearer = dueDate || !isFirst ? null : firstInStep(same, now, takenOf(series, localTime, madeTimes));
  const first = earliest(onwards, nearer);
  return first && (isFirst || first.localTime < startsAt) ? begunAt(same, first) : { recurrence: same, first };
}

function begunAt(recurrence: NextRule, first: Occurrence | null): TurnedSeries {
  return { recurrence: first ? { ...recurrence, startsAt: first.localTime } : recurrence, first };
}

/**
 * Which wall-clock times a rule that begins now leaves out: those on days that have had a task of the series, but on the
 * day of the task that moves only those that were made.
 */
function takenOf(
  { timesThere, usedDays }: BoundSeries,
  moving: string | null,
  made: readonly string[] = timesThere,
): (localTime: string) => boolean {
  const itsDay = moving && dayOfTime(moving);
  const days = new Set(usedDays.filter((day) => day !== itsDay));
  return (localTime) => days.has(dayOfTime(localTime)) || made.includes(localTime);
}

/** The time of day at which a series begins, on the day of an occurrence: what a new rule takes from it. */
function onItsDay({ startsAt }: BoundSeries, localTime: string | null): string {
  return localTime ? dayOfTime(localTime) + startsAt.slice(dayOfTime(startsAt).length) : startsAt;
}

function earliest(one: Occurrence | null, other: Occurrence | null): Occurrence | null {
  if (!one || !other) return one ?? other;
  return one.localTime <= other.localTime ? one : other;
}

function latest(one: Date, other: Date | null): Date {
  return other && other > one ? other : one;
}
