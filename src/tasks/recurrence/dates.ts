import {
  type Day,
  type DayNumber,
  type DayRange,
  dayNumberOf,
  dayOf,
  daysOfMonth,
  daysOfYear,
  daysPerWeek,
  lastDay,
  monthOf,
  numberOfMonth,
  remainder,
  weekdayOf,
  yearOf,
} from './calendar.js';
import { periodsOf } from './periods.js';
import { type Rule, weekdays } from './rule.js';

/**
 * Days and months that are looked at for one answer. An honest rule needs a few hundred for its next fifty dates, and
 * fifty 29ths of February some thousands; a hostile one is given up after a few milliseconds.
 */
const maxSteps = 100_000;
/** Days without a date after which there are no more: the calendar repeats after 400 years. */
const maxGap = 146_097;

/**
 * Calls `visit` with the days of a rule that began on `start`, in order, from about `from` on, until it answers false,
 * the day `last` is over, or nothing is found for long. Days before `start` are none. Every part of a rule only says
 * which days of a period it means, so a day is one if it is in a period that is in step and each part means it (RFC 5545
 * section 3.3.10). Answers how many days and months were looked at.
 */
export function visitDays(
  given: Rule,
  start: Day,
  from: Day,
  visit: (day: Day) => boolean,
  last: DayNumber = lastDay,
): number {
  const first = dayNumberOf(start);
  const rule = { ...given, ...impliedBy(given, first) };
  const isMeant = dayTest(rule);
  const { indexOf, periodAt, interval } = periodsOf(rule);
  const begun = indexOf(first);
  // COUNT counts from the beginning on.
  const wanted = rule.count === null ? Math.max(first, dayNumberOf(from)) : first;
  const skipped = Math.floor((indexOf(wanted) - begun) / interval);
  const work: Work = { steps: 0 };
  let found = wanted;
  for (let index = begun + skipped * interval; work.steps < maxSteps; index += interval) {
    const { range, parts } = periodAt(index);
    if (range[0] > Math.min(last, found + maxGap)) break;
    const days = parts.flatMap((part) => daysIn(rule, isMeant, part, first, work));
    for (const day of inPosition(rule, days)) {
      if (day > last || (day >= first && !visit(dayOf(day)))) return work.steps;
      found = day;
    }
  }
  return work.steps;
}

/** How much was looked at. */
interface Work {
  steps: number;
}

/** Whether a rule means a day of a month. */
type DayTest = (day: DayNumber, month: DayRange, year: DayRange) => boolean;

/** The days of a range that a rule means, month by month. */
function daysIn(rule: Rule, isMeant: DayTest, [first, last]: DayRange, begun: DayNumber, work: Work): DayNumber[] {
  const found: DayNumber[] = [];
  const step = rule.frequency === 'DAILY' ? rule.interval : 1;
  for (let month = monthOf(first), rest = first; rest <= last; month += 1) {
    work.steps += 1;
    const days = daysOfMonth(month);
    const end = Math.min(last, days[1]);
    if (rule.byMonth.length === 0 || rule.byMonth.includes(numberOfMonth(month))) {
      const year = daysOfYear(yearOf(rest));
      for (let day = rest + remainder(begun - rest, step); day <= end; day += step) {
        work.steps += 1;
        if (isMeant(day, days, year)) found.push(day);
      }
    }
    rest = end + 1;
  }
  return found;
}

/**
 * BYMONTHDAY and BYDAY as tables, so that a day costs the same however much a rule lists. Numbered weekdays are counted
 * in the month, or in the year of a yearly rule without BYMONTH.
 */
function dayTest({ frequency, byMonth, byMonthDay, byDay }: Rule): DayTest {
  const monthDays = new Set(byMonthDay);
  const isCountedInYear = frequency === 'YEARLY' && byMonth.length === 0;
  const ordinalsOf = weekdays.map(
    (name) => new Set(byDay.filter(({ day }) => day === name).map(({ ordinal }) => ordinal)),
  );
  return (day, month, year) => {
    if (monthDays.size > 0 && !monthDays.has(day - month[0] + 1) && !monthDays.has(day - month[1] - 1)) return false;
    if (byDay.length === 0) return true;
    const ordinals = ordinalsOf[weekdayOf(day)];
    if (!ordinals || ordinals.size === 0) return false;
    const [first, last] = isCountedInYear ? year : month;
    const fromFirst = Math.floor((day - first) / daysPerWeek) + 1;
    const fromLast = Math.floor((last - day) / daysPerWeek) + 1;
    return ordinals.has(null) || ordinals.has(fromFirst) || ordinals.has(-fromLast);
  };
}

/** BYSETPOS: only some of a period's days, in order. */
function inPosition({ bySetPosition }: Rule, days: readonly DayNumber[]): readonly DayNumber[] {
  if (bySetPosition.length === 0) return days;
  const places = bySetPosition.map((place) => (place > 0 ? place - 1 : days.length + place));
  return days.filter((_, place) => places.includes(place));
}

/** What a rule that does not say its day takes from its first one (RFC 5545 section 3.3.10). */
export function impliedBy(rule: Rule, first: DayNumber): Partial<Rule> {
  const { frequency, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  const saysDay = byDay.length > 0 || byMonthDay.length > 0 || byYearDay.length > 0;
  if (frequency === 'DAILY' || saysDay) return {};
  if (frequency === 'WEEKLY' || byWeekNumber.length > 0) {
    return { byDay: [{ day: weekdays[weekdayOf(first)] ?? 'MO', ordinal: null }] };
  }
  const month = monthOf(first);
  const [firstOfMonth] = daysOfMonth(month);
  const byDayOfMonth = { byMonthDay: [first - firstOfMonth + 1] };
  if (frequency === 'MONTHLY' || byMonth.length > 0) return byDayOfMonth;
  return { ...byDayOfMonth, byMonth: [numberOfMonth(month)] };
}

/**
 * Where a rule can begin instead of on `start`, so that it is in step all the same and reaches `day`: `start` itself when
 * that is not behind it.
 */
export function startInStep(rule: Rule, start: Day, day: Day): Day {
  const [first, wanted] = [dayNumberOf(start), dayNumberOf(day)];
  if (first <= wanted) return start;
  const stepsBack = (from: number, to: number) => Math.ceil((from - to) / rule.interval) * rule.interval;
  if (rule.frequency === 'DAILY') return dayOf(first - stepsBack(first, wanted));
  const { indexOf, periodAt } = periodsOf(rule);
  const begun = indexOf(first);
  return dayOf(periodAt(begun - stepsBack(begun, indexOf(wanted))).range[0]);
}
