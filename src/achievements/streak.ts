import { type Day, dayMs, dayOf } from '../kernel/days.js';

/** Days in a row on which a task was completed. */
export interface Streak {
  /** Up to `lastDay`; 0 once it is known that a later day passed without one. */
  readonly current: number;
  readonly longest: number;
  /** The newest day that counts; null before the first. */
  readonly lastDay: Day | null;
}

/** Before the first day. */
export const noStreak: Streak = { current: 0, longest: 0, lastDay: null };

/** The day before. */
export function dayBefore(day: Day): Day {
  return dayOf(new Date(Date.parse(day) - dayMs));
}

/** The streak once `day` counts too. Days come in their order; one that counts already changes nothing. */
export function withDay(streak: Streak, day: Day): Streak {
  if (day === streak.lastDay) return streak;
  const current = dayBefore(day) === streak.lastDay ? streak.current + 1 : 1;
  return { current, longest: Math.max(streak.longest, current), lastDay: day };
}

/**
 * Whether only history can tell what `day` does to the streak: it comes out of order, or it continues a streak that
 * was ended because the day was late to be counted.
 */
export function needsHistory(streak: Streak, day: Day): boolean {
  if (streak.lastDay === null) return false;
  return day < streak.lastDay || (streak.current === 0 && dayBefore(day) === streak.lastDay);
}

/** Days of the streak at a moment: the day of the moment may still be without a completed task, the one before may not. */
export function currentAt({ current, lastDay }: Streak, now: Date): number {
  return lastDay !== null && lastDay >= oldestLastDay(now) ? current : 0;
}

/** A streak whose last day is older than this is broken. */
export function oldestLastDay(now: Date): Day {
  return dayBefore(dayOf(now));
}
