/** Milliseconds of a minute. */
export const minuteMs = 60_000;
/** Milliseconds of a day in UTC, which has no leap seconds here. */
export const dayMs = 86_400_000;

/** A day in UTC, `2026-11-21`: days compare as their texts do. */
export type Day = string;

/** The UTC day of a moment. */
export function dayOf(moment: Date): Day {
  return moment.toISOString().slice(0, 10);
}

/** 00:00 UTC of the day of a moment. */
export function midnightOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / dayMs) * dayMs);
}

/** The first 00:00 UTC after a moment. */
export function midnightAfter(moment: Date): Date {
  return new Date(midnightOf(moment).getTime() + dayMs);
}
