import {
  firstInStep,
  firstOfRule,
  type GivenRule,
  localTimeOf,
  momentOf,
  type Occurrence,
  parseRecurrence,
  parseRecurrenceFromNow,
  type Recurrence,
  startAtEarliestTime,
  startOfDay,
  withRemainingCount,
} from '../recurrence/index.js';
import { earliest, latest, leftOut, onItsDay, takenDays, usedDays } from './new-rule.js';
import type { BoundSeries } from './occurrence-rows.js';
import { isMovedByHand, type MadeOccurrence, ownRule, type SeriesRule } from './same-rule.js';
import { freeOccurrence } from './series.js';

/** The task with which a series goes on under another rule. */
export interface PivotTask {
  /** When it is due; null leaves that to the rule. */
  readonly dueDate: Date | null;
  /** Whether it is due then whatever the rule says. */
  readonly keepsDueDate: boolean;
  /** What it stood for; null where that is not known. */
  readonly occurrence: MadeOccurrence | null;
}

/** A series under another rule, and the task with which it goes on. */
export interface RescheduledSeries {
  readonly recurrence: SeriesRule;
  /** The occurrence that the task stands for now; null where no date of the rule is free, and it stays as it is. */
  readonly occurrence: Occurrence | null;
  /** When the task is due now. */
  readonly dueDate: Date | null;
}

/**
 * A series under another rule that one of its tasks follows: to the first date of the rule that is free, on the day on
 * which the task is due or later, but not before now; without a due date to the first one from now on. Its own rule goes
 * on with its COUNT, by the same wall clock, and a task that was moved by hand stays; another one begins anew. Where no
 * date is free, the task stays. @throws VALIDATION_FAILED with the reason
 */
export function changeRuleFromTask(
  series: BoundSeries,
  given: GivenRule,
  task: PivotTask,
  now: Date,
  path: string,
): RescheduledSeries {
  const { timeZone } = given;
  const rule = ownRule(series, given, path);
  const own = task.occurrence?.ruleNumber === series.ruleNumber ? task.occurrence : null;
  if (task.keepsDueDate && task.dueDate) {
    const left = rule !== null && own ? withRemainingCount({ ...series, rule }, own.localTime) : given.rule;
    return begunWhenDue(series, { rule: left, timeZone }, task.dueDate, path);
  }
  // In another time zone, too, the task is on its day, not on the one that has begun there meanwhile.
  const wallDate = task.dueDate && momentIn(timeZone, series, task.dueDate);
  if (rule === null) return begunFromTask(series, given, task, wallDate, now, path);
  const same = { ...series, rule, timeZone, takenDays: takenDays(series) };
  if (own) return wentOn(same, task, own, now);
  if (series.isBegun)
    return turned(same, task, freeFrom(same, wallDate ? latest(now, startOfDay(wallDate, timeZone)) : now));
  const start = wallDate && momentOf(onItsDay(series, localTimeOf(wallDate, timeZone)), timeZone);
  return begunFromTask(series, { rule, timeZone }, task, start, now, path);
}

/** The moment at which a time zone's wall clock shows what that of a series shows at another. */
function momentIn(zone: string, { timeZone }: Recurrence, at: Date): Date {
  return zone === timeZone ? at : momentOf(localTimeOf(at, timeZone), zone);
}

/** A rule that begins with a task where that is due. */
function begunWhenDue(series: BoundSeries, given: GivenRule, dueDate: Date, path: string): RescheduledSeries {
  const parsed = parseRecurrence(given, dueDate, path);
  return { recurrence: newRuleOf(series, parsed), occurrence: { localTime: parsed.startsAt, at: dueDate }, dueDate };
}

function newRuleOf(series: BoundSeries, parsed: Recurrence): SeriesRule {
  return { ...parsed, takenDays: usedDays(series), ruleNumber: series.ruleNumber + 1 };
}

/** A rule that begins with a task, on the day of a moment or later; for null soon. */
function begunFromTask(
  series: BoundSeries,
  given: GivenRule,
  task: PivotTask,
  start: Date | null,
  now: Date,
  path: string,
): RescheduledSeries {
  const localTime = task.occurrence?.localTime ?? null;
  const isLeftOut = leftOut(series, task.occurrence);
  if (!start) {
    const parsed = parseRecurrenceFromNow(given, now, path);
    const first = firstInStep({ ...parsed, startsAt: onItsDay(series, localTime) }, now, isLeftOut);
    return begunAt(newRuleOf(series, parsed), task, first);
  }
  const parsed = parseRecurrence(given, start, path);
  const early = startAtEarliestTime(parsed);
  const first = firstOfRule(early, latest(now, momentOf(early.startsAt, given.timeZone)), isLeftOut);
  return begunAt(newRuleOf(series, parsed), task, first);
}

/** The same rule with a task of it: that is where the same wall clock has it, else at the next date from now on. */
function wentOn(series: BoundSeries, task: PivotTask, own: MadeOccurrence, now: Date): RescheduledSeries {
  const { localTime } = own;
  const at = momentOf(localTime, series.timeZone);
  const isMoved = task.dueDate !== null && isMovedByHand(task.dueDate, own);
  if (isMoved) return { ...turned(series, task, { localTime, at }), dueDate: task.dueDate };
  if (task.dueDate && at >= now) return turned(series, task, { localTime, at });
  if (series.isBegun) return turned(series, task, freeFrom(series, now));
  // Nothing holds it to where it was to begin.
  const onwards = firstOfRule(series, now);
  const nearer = task.dueDate ? null : firstInStep(series, now, leftOut(series, own));
  return begunAt(series, task, earliest(onwards, nearer));
}

/** The first date of a rule that goes on that is free, from a moment on. */
function freeFrom(series: BoundSeries, from: Date): Occurrence | null {
  return freeOccurrence(series, new Date(from.getTime() - 1));
}

function begunAt(recurrence: SeriesRule, task: PivotTask, first: Occurrence | null): RescheduledSeries {
  return turned({ ...recurrence, startsAt: first?.localTime ?? recurrence.startsAt }, task, first);
}

function turned(
  { rule, timeZone, startsAt, takenDays, ruleNumber }: SeriesRule,
  { dueDate }: PivotTask,
  occurrence: Occurrence | null,
): RescheduledSeries {
  return {
    recurrence: { rule, timeZone, startsAt, takenDays, ruleNumber },
    occurrence,
    dueDate: occurrence?.at ?? dueDate,
  };
}
