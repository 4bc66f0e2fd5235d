import {
  type DayNumber,
  type DayRange,
  daysOfMonth,
  daysOfWeekYear,
  daysOfYear,
  daysPerWeek,
  monthOf,
  startOfWeek,
  weekYearOf,
  yearOf,
} from './calendar.js';
import { type Rule, weekdays } from './rule.js';

/** How a rule divides time: every so many periods are its own. */
interface Periods {
  indexOf(day: DayNumber): number;
  periodAt(index: number): Period;
  readonly interval: number;
}

/** A period, and its parts that can be meant, in order. */
interface Period {
  readonly range: DayRange;
  readonly parts: readonly DayRange[];
}

function wholePeriod(range: DayRange): Period {
  return { range, parts: [range] };
}

/** The periods of a rule. */
export function periodsOf(rule: Rule): Periods {
  const { frequency, interval, byWeekNumber } = rule;
  const weekStart = weekdays.indexOf(rule.weekStart);
  const months = { indexOf: monthOf, periodAt: (month: number) => wholePeriod(daysOfMonth(month)), interval };
  switch (frequency) {
    case 'DAILY':
      // In months, of which each has its days in step: a month that is not meant is left out at once.
      return { ...months, interval: 1 };
    case 'WEEKLY':
      return {
        indexOf: (day) => Math.floor(startOfWeek(day, weekStart) / daysPerWeek),
        periodAt: (week) => wholePeriod(rangeFrom(startOfWeek((week + 1) * daysPerWeek - 1, weekStart), daysPerWeek)),
        interval,
      };
    case 'MONTHLY':
      return months;
    case 'YEARLY':
      return { ...(byWeekNumber.length > 0 ? weekYears(weekStart, byWeekNumber) : years(yearDaysOf(rule))), interval };
  }
}

function weekYears(weekStart: number, byWeekNumber: readonly number[]) {
  const periodAt = (year: number) => {
    const range = daysOfWeekYear(year, weekStart);
    return { range, parts: partsOf(range, daysPerWeek, byWeekNumber) };
  };
  return { indexOf: (day: DayNumber) => weekYearOf(day, weekStart), periodAt };
}

function years(yearDays: readonly number[]) {
  const periodAt = (year: number) => {
    const range = daysOfYear(year);
    return yearDays.length > 0 ? { range, parts: partsOf(range, 1, yearDays) } : wholePeriod(range);
  };
  return { indexOf: yearOf, periodAt };
}

/** The days of the year that a rule can mean, by number; none for all. */
function yearDaysOf({ byMonth, byYearDay, byDay }: Rule): readonly number[] {
  if (byMonth.length > 0) return byYearDay;
  const ordinals = byDay.map(({ ordinal }) => ordinal);
  const numbered = ordinals.filter((ordinal) => ordinal !== null);
  return numbered.length < ordinals.length ? byYearDay : [...byYearDay, ...numbered.flatMap(weekOfYear)];
}

/** The seven days of the year of which one is the weekday with this number: 1 to 7 for the first one, -7 to -1 for the last. */
function weekOfYear(ordinal: number): number[] {
  const first = ordinal > 0 ? (ordinal - 1) * daysPerWeek + 1 : ordinal * daysPerWeek;
  return Array.from({ length: daysPerWeek }, (_, place) => first + place);
}

/**
 * Parts of `size` days of a year, in order: 1 is the first one, -1 the last one; those that it does not have are none, and
 * those that follow each other are one.
 */
function partsOf([first, last]: DayRange, size: number, numbers: readonly number[]): DayRange[] {
  const count = (last - first + 1) / size;
  const places = numbers.map((number) => (number > 0 ? number - 1 : count + number));
  const present = [...new Set(places)].filter((place) => place >= 0 && place < count);
  const parts: DayRange[] = [];
  for (const place of present.sort((one, other) => one - other)) {
    const [start, end] = rangeFrom(first + place * size, size);
    const [begun, before] = parts.at(-1) ?? [start, start];
    if (before + 1 === start) parts.splice(-1, 1, [begun, end]);
    else parts.push([start, end]);
  }
  return parts;
}

function rangeFrom(first: DayNumber, size: number): DayRange {
  return [first, first + size - 1];
}
