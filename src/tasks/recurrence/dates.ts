import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { type Rule, weekdays } from './rule.js';

/**
 * How many periods are looked through for dates: ten years of days, twenty of weeks, fifty of months, a hundred of
 * years. Hostile rules end here, and not when the library has gone through its 10,000.
 */
const mostPeriods = { DAILY: 3_700, WEEKLY: 1_050, MONTHLY: 600, YEARLY: 100 };

/** A calendar day as `YYYY-MM-DD`. */
export type Day = string;

/**
 * Calls `visit` with the days of a rule that began on `start`, in order, from about `from` on, until it answers false
 * or there are no more within reach. Days before `start` are none. The library sees neither times nor zones nor ends:
 * it is slow at the first, and its ways with daylight saving are not ours.
 */
export function visitDays(rule: Rule, start: Day, from: Day, visit: (day: Day) => boolean): void {
  const first = Temporal.PlainDate.from(start);
  const anchor = anchorOf(rule, first, Temporal.PlainDate.from(from));
  const series = new RRuleTemporal({
    rruleString: textOf(rule, first),
    dtstart: anchor.toZonedDateTime('UTC'),
    maxIterations: mostPeriods[rule.frequency],
  });
  let last = '';
  try {
    series.all((date) => {
      const day = date.toPlainDate().toString();
      // Only what cannot be had from a string: years beyond 9999.
      if (day.length !== start.length) return false;
      last = day;
      return day < start || visit(day);
    });
  } catch (error) {
    const isOutOfReach = error instanceof Error && error.message.includes('Maximum iterations');
    if (!isOutOfReach) throw new Error(`The rule failed after ${last || 'nothing'}.`, { cause: error });
  }
}

/** A day to begin at instead of the first one: in phase with the interval, and before `from`. */
function anchorOf(rule: Rule, first: Temporal.PlainDate, from: Temporal.PlainDate): Temporal.PlainDate {
  const { frequency, interval } = rule;
  switch (frequency) {
    case 'DAILY':
      return first.add({ days: passed(first.until(from, { largestUnit: 'days' }).days, interval) });
    case 'WEEKLY':
      return first
        .subtract({ days: daysIntoWeek(first, rule) })
        .add({ weeks: passed(first.until(from, { largestUnit: 'weeks' }).weeks, interval) });
    case 'MONTHLY':
      return first
        .with({ day: 1 })
        .add({ months: passed(first.until(from, { largestUnit: 'months' }).months, interval) });
    case 'YEARLY':
      return first
        .with({ month: 1, day: 1 })
        .add({ years: passed(first.until(from, { largestUnit: 'years' }).years, interval) });
  }
}

function daysIntoWeek(day: Temporal.PlainDate, { weekStart }: Rule): number {
  return (day.dayOfWeek - 1 - weekdays.indexOf(weekStart) + weekdays.length) % weekdays.length;
}

/** Whole intervals in what has passed, one left out: a week may begin in the year before. */
function passed(periods: number, interval: number): number {
  return Math.max(0, Math.floor(periods / interval) - 1) * interval;
}

/** The rule for the library: what DTSTART would say is spelled out, since DTSTART is moved. */
function textOf(rule: Rule, first: Temporal.PlainDate): string {
  const lists: Record<string, readonly (string | number)[]> = {
    BYMONTH: rule.byMonth,
    BYWEEKNO: rule.byWeekNumber,
    BYYEARDAY: rule.byYearDay,
    BYMONTHDAY: rule.byMonthDay,
    BYDAY: rule.byDay.map(({ day, ordinal }) => `${ordinal ?? ''}${day}`),
    BYSETPOS: rule.bySetPosition,
    ...impliedBy(rule, first),
  };
  const parts = Object.entries(lists).flatMap(([name, values]) =>
    values.length > 0 ? [`${name}=${values.join(',')}`] : [],
  );
  return [`FREQ=${rule.frequency}`, `INTERVAL=${rule.interval}`, ...parts, `WKST=${rule.weekStart}`].join(';');
}

/** What a rule that does not say its day takes from its first one (RFC 5545 section 3.3.10). */
function impliedBy(rule: Rule, first: Temporal.PlainDate): Record<string, readonly (string | number)[]> {
  const { frequency, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  const weekday = weekdays[first.dayOfWeek - 1] ?? 'MO';
  const saysDay = byDay.length > 0 || byMonthDay.length > 0 || byYearDay.length > 0;
  if (frequency === 'DAILY' || saysDay) return {};
  if (frequency === 'WEEKLY' || byWeekNumber.length > 0) return { BYDAY: [weekday] };
  if (frequency === 'MONTHLY' || byMonth.length > 0) return { BYMONTHDAY: [first.day] };
  return { BYMONTH: [first.month], BYMONTHDAY: [first.day] };
}
