import { Temporal } from 'temporal-polyfill';

/** A paid month. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** Names a period of a subscription, uniquely for the account. */
export function periodName(subscriptionId: string, start: Date): string {
  return `${subscriptionId}:${start.toISOString()}`;
}

/** What events tell of the period of a subscription. */
export function toldPeriod({ periodStart, periodEnd }: { readonly periodStart: Date; readonly periodEnd: Date }) {
  return { periodStart: periodStart.toISOString(), periodEnd: periodEnd.toISOString() };
}

/** The moment so many calendar months after another, in UTC: of 31 January 28 February, then 31 March. */
function monthsAfter(anchor: Date, months: number): Date {
  const there = Temporal.Instant.fromEpochMilliseconds(anchor.getTime()).toZonedDateTimeISO('UTC');
  return new Date(there.add({ months }).epochMilliseconds);
}

/** How many whole months lie between, counted from the anchor. */
function monthsUntil(anchor: Date, moment: Date): number {
  const years = moment.getUTCFullYear() - anchor.getUTCFullYear();
  const months = years * 12 + moment.getUTCMonth() - anchor.getUTCMonth();
  return monthsAfter(anchor, months) <= moment ? months : months - 1;
}

/** The period, counted from an anchor, in which a moment lies. */
export function periodAt(anchor: Date, moment: Date): Period {
  const months = monthsUntil(anchor, moment);
  return { start: monthsAfter(anchor, months), end: monthsAfter(anchor, months + 1) };
}

/**
 * The period that is to be paid when another has ended: the next one, or that of now where nobody has asked for it in all
 * of its time.
 */
export function periodDue(anchor: Date, lastEnd: Date, now: Date): Period {
  return periodAt(anchor, now > lastEnd ? now : lastEnd);
}
