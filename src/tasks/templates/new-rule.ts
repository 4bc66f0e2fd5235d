import { dayOfTime, type Occurrence, type Recurrence } from '../recurrence/index.js';
import type { BoundSeries } from './occurrence-rows.js';

/**
 * Which wall-clock times a rule that begins now leaves out: those on days that have a task of the series, but on the day
 * of the task that moves only those at which there is one.
 */
export function leftOut({ timesThere, usedDays }: BoundSeries, moving: string | null): (localTime: string) => boolean {
  const itsDay = moving && dayOfTime(moving);
  const days = new Set(usedDays.filter((day) => day !== itsDay));
  const times = new Set(timesThere);
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
