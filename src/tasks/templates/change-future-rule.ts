import {
  dayOfTime,
  firstInStep,
  firstOfRule,
  type GivenRule,
  isCounted,
  localTimeOf,
  type Occurrence,
  parseRecurrenceFromNow,
  type Recurrence,
  startAtEarliestTime,
} from '../recurrence/index.js';
import { earliest, leftOut, onItsDay, takenDays, usedDays } from './new-rule.js';
import type { BoundSeries } from './occurrence-rows.js';
import { ownRule, type SeriesRule } from './same-rule.js';

/** A rule with the days that it leaves out. */
type NextRule = Required<Recurrence>;

/**
 * A series under another rule where its tasks stay as they are. Its own rule goes on, in another time zone by the same
 * wall clock, unless no task has been made by it yet. A new rule takes from the old one what it does not say itself,
 * such as the time of day, and begins at its next date, also where the task that is still to come is due later; but its
 * COUNT counts from that task on where its day is one of its dates, since nothing comes before it is done. It leaves out
 * the days on which the old one's tasks are due. @throws VALIDATION_FAILED with the reason
 */
export function changeFutureRule(series: BoundSeries, given: GivenRule, now: Date, path: string): SeriesRule {
  const { timeZone } = given;
  const { startsAt, ruleNumber } = series;
  const rule = ownRule(series, given, path);
  if (rule !== null && timeZone === series.timeZone) {
    return { rule, timeZone, startsAt, takenDays: series.takenDays, ruleNumber };
  }
  if (rule !== null && series.isBegun) return { rule, timeZone, startsAt, takenDays: takenDays(series), ruleNumber };
  const fromNow = { ...parseRecurrenceFromNow(given, now, path), takenDays: usedDays(series) };
  const first = firstOnwards(series, fromNow, now);
  return { ...fromNow, startsAt: first?.localTime ?? fromNow.startsAt, ruleNumber: ruleNumber + 1 };
}

function firstOnwards(series: BoundSeries, fromNow: NextRule, now: Date): Occurrence | null {
  const { startsAt, open } = series;
  const there = (moment: Date | null | undefined) => (moment ? localTimeOf(moment, fromNow.timeZone) : null);
  const begun = localTimeOf(now, fromNow.timeZone);
  const openTime = there(open?.madeFor);
  const due = there(open?.dueDate) ?? openTime;
  const openDays = [due, openTime].map((localTime) => localTime && dayOfTime(localTime));
  const onItsDays = { ...fromNow, takenDays: fromNow.takenDays.filter((day) => !openDays.includes(day)) };
  if (due !== null && due >= begun && isCounted(fromNow)) {
    return firstOfRule(startAtEarliestTime({ ...onItsDays, startsAt: onItsDay(series, due) }));
  }
  const isToCome = openTime !== null && openTime >= begun;
  const ahead = { ...(isToCome ? onItsDays : fromNow), startsAt: isToCome ? onItsDay(series, openTime) : startsAt };
  const isLeftOut = leftOut(series, null);
  const onwards = isToCome ? firstOfRule(ahead) : firstOfRule(ahead, now, isLeftOut);
  return ahead.startsAt < begun ? onwards : earliest(onwards, firstInStep(ahead, now, isLeftOut));
}
