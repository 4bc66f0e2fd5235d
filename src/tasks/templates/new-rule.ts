import { dayOfTime, type Occurrence, type Recurrence } from '../recurrence/index.js';
import type { BoundSeries } from './occurrence-rows.js';
import type { MadeOccurrence } from './same-rule.js';

/** The days that a rule which begins now leaves out: those with a task of the series. */
export function usedDays({ used }: BoundSeries): string[] {
  return [...new Set(used.map(({ day }) => day))].sort();
}

/**
 * The days that a rule which goes on leaves out, in the time zone to which it goes: those before stay what they were,
 * since its COUNT has left them out; from now on those with a task of another rule.
 */
export function takenDays({ takenDays, ruleNumber, used, today }: BoundSeries): string[] {
  const others = used.filter((each) => each.ruleNumber !== ruleNumber).map(({ day }) => day);
  return [...new Set([...takenDays.filter((day) => day < today), ...others])].sort();
}

/**
 * Which wall-clock times a rule that begins now leaves out: those on days that have a task of the series, but where the
 * task that moves shares its day with others of its rule, only those at which they are.
 */
export function leftOut(series: BoundSeries, moving: MadeOccurrence | null): (localTime: string) => boolean {
  const itsDay = moving && dayOfTime(moving.localTime);
  const others = series.used.filter(({ day, ruleNumber }) => day !== itsDay || ruleNumber !== moving?.ruleNumber);
  const [days, times] = [new Set(others.map(({ day }) => day)), new Set(series.timesThere)];
  return (localTime) => days.has(dayOfTime(localTime)) || times.has(localTime);
}

/** The time of day at which a series begins, on the day of a wall-clock time: what a new rule takes from it. */
export function onItsDay({ startsAt }: Recurrence, localTime: string | null): string {
  return localTime ? dayOfTime(localTime) + startsAt.slice(dayOfTime(startsAt).length) : startsAt;
}

export function earliest(one: Occurrence | null, other: Occurrence | null): Occurrence | null {
  if (!one || !other) return one ?? other;
  return one.localTime <= other.localTime ? one : other;
}

export function latest(one: Date, other: Date): Date {
  return other > one ? other : one;
}
