import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { type Rule, weekdays } from './rule.js';

/** Periods in the ten years within which a rule must occur, and a little. */
const periodsInReach = { DAILY: 3_700, WEEKLY: 530, MONTHLY: 124, YEARLY: 12 };
/** Periods that are looked through at least, so that five 29ths of February are found. */
const fewestPeriods = 40;

const units = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const;

/** A calendar day as `YYYY-MM-DD`. */
export type Day = string;

/**
 * Calls `visit` with the days of a rule that began on `start`, in order, from about `from` on, until it answers false
 * or there are no more within reach. Days before `start` are none. The library sees neither times nor zones nor ends:
 * it is slow at the first, and its ways with daylight saving are not ours.
 */
export function visitDays(given: Rule, start: Day, from: Day, visit: (day: Day) => boolean): void {
  const first = Temporal.PlainDate.from(start);
  const rule = inLongerPeriods(given);
  const skipped = rule.count === null ? Temporal.PlainDate.from(from) : first;
  const anchor = anchorOf(rule, first, skipped);
  const series = new RRuleTemporal({
    rruleString: textOf(rule, first),
    dtstart: anchor.toZonedDateTime('UTC'),
    maxIterations: reachOf(rule),
  });
  try {
    series.all((date) => {
      const day = date.toPlainDate().toString();
      // Years beyond 9999 are spelled otherwise, and nobody waits for them.
      return day.length === start.length && (day < start || visit(day));
    });
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('Maximum iterations'))) throw error;
  }
}

/** The same days out of fewer periods: each period that is looked at costs the library about the same. */
function inLongerPeriods(rule: Rule): Rule {
  if (rule.frequency !== 'DAILY' || rule.interval > 1) return rule;
  if (rule.byMonthDay.length > 0) return { ...rule, frequency: 'MONTHLY' };
  return rule.byDay.length > 0 ? { ...rule, frequency: 'WEEKLY' } : rule;
}

/**
 * Periods that are looked through: hostile rules end here, and not when the library has gone through its 10,000. One
 * with COUNT is followed from its beginning, so that it ends after ten years at the latest.
 */
function reachOf({ frequency, interval, count }: Rule): number {
  return Math.max(fewestPeriods, count ?? 0, Math.ceil(periodsInReach[frequency] / interval));
}

function periodsBetween({ frequency }: Rule, one: Temporal.PlainDate, other: Temporal.PlainDate): number {
  const unit = units[frequency];
  return Math.max(0, one.until(other, { largestUnit: unit })[unit]);
}

/** A day to begin at instead of the first one: in phase with the interval, and before `from`. */
function anchorOf(rule: Rule, first: Temporal.PlainDate, from: Temporal.PlainDate): Temporal.PlainDate {
  // Week 1 of a year may begin in the year before.
  const leftOut = rule.byWeekNumber.length > 0 ? 1 : 0;
  const intervals = Math.max(0, Math.floor(periodsBetween(rule, first, from) / rule.interval) - leftOut);
  return beginningOfPeriod(rule, first).add({ [units[rule.frequency]]: intervals * rule.interval });
}

function beginningOfPeriod(rule: Rule, day: Temporal.PlainDate): Temporal.PlainDate {
  switch (rule.frequency) {
    case 'DAILY':
      return day;
    case 'WEEKLY':
      return day.subtract({ days: daysIntoWeek(day, rule) });
    case 'MONTHLY':
      return day.with({ day: 1 });
    case 'YEARLY':
      return day.with({ month: 1, day: 1 });
  }
}

function daysIntoWeek(day: Temporal.PlainDate, { weekStart }: Rule): number {
  return (day.dayOfWeek - 1 - weekdays.indexOf(weekStart) + weekdays.length) % weekdays.length;
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

/** What a rule that does not say its day takes from its first one (RFC 5545 section 3.3.10); also a week's weekday. */
function impliedBy(rule: Rule, first: Temporal.PlainDate): Record<string, readonly (string | number)[]> {
  const { frequency, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  const weekday = weekdays[first.dayOfWeek - 1] ?? 'MO';
  const saysDay = byDay.length > 0 || byMonthDay.length > 0 || byYearDay.length > 0;
  if (frequency === 'DAILY' || saysDay) return {};
  if (frequency === 'WEEKLY' || byWeekNumber.length > 0) return { BYDAY: [weekday] };
  if (frequency === 'MONTHLY' || byMonth.length > 0) return { BYMONTHDAY: [first.day] };
  return { BYMONTH: [first.month], BYMONTHDAY: [first.day] };
}
