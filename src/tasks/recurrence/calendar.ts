import { dayMs } from '../../kernel/days.js';
/** A calendar day as `YYYY-MM-DD`. */
export type Day = string;

/** Days since 1970-01-01, so that calendars are arithmetic. */
export type DayNumber = number;

/** Days from the first to the last one, both included. */
export type DayRange = readonly [first: DayNumber, last: DayNumber];

/** Days of a week. */
export const daysPerWeek = 7;
const monthsPerYear = 12;
const firstYear = 1970;
/** Months and days from March of the year 0 to January 1970. */
const marchBefore = -23_638;
const daysFromMarch = 719_468;
/** 1970-01-01 was a Thursday. */
const firstWeekday = 3;
/** What comes some days after it must not lie beyond the year 9999, which is spelled otherwise; nobody waits for that. */
export const lastDay: DayNumber = Date.UTC(9998, 11, 31) / dayMs;
/** Its last second in UTC. */
export const lastMoment = new Date((lastDay + 1) * dayMs - 1_000);

/** A day's number. */
export function dayNumberOf(day: Day): DayNumber {
  return Date.parse(`${day}T00:00:00Z`) / dayMs;
}

/** A day's text. */
export function dayOf(number: DayNumber): Day {
  return new Date(number * dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: DayNumber): number {
  return remainder(day + firstWeekday, daysPerWeek);
}

/** The first day of the week that a day is in, where weeks begin on this weekday. */
export function startOfWeek(day: DayNumber, weekStart: number): DayNumber {
  return day - remainder(weekdayOf(day) - weekStart, daysPerWeek);
}

/** Months since January 1970. */
export function monthOf(day: DayNumber): number {
  const date = new Date(day * dayMs);
  return (date.getUTCFullYear() - firstYear) * monthsPerYear + date.getUTCMonth();
}

/** The days of a month, counted from January 1970. */
export function daysOfMonth(month: number): DayRange {
  return [firstOfMonth(month), firstOfMonth(month + 1) - 1];
}

/** 1 to 12 of a month that is counted from January 1970. */
export function numberOfMonth(month: number): number {
  return remainder(month, monthsPerYear) + 1;
}

/** The year of a day. */
export function yearOf(day: DayNumber): number {
  return new Date(day * dayMs).getUTCFullYear();
}

/** The days of a year. */
export function daysOfYear(year: number): DayRange {
  return [firstOfYear(year), firstOfYear(year + 1) - 1];
}

/**
 * The days of a year of whole weeks: its first week is the first one with at least four days in the calendar year
 * (ISO 8601, and RFC 5545 section 3.3.10 for weeks that begin on another day than Monday).
 */
export function daysOfWeekYear(year: number, weekStart: number): DayRange {
  return [firstOfWeekYear(year, weekStart), firstOfWeekYear(year + 1, weekStart) - 1];
}

/** The year of whole weeks that a day is in. */
export function weekYearOf(day: DayNumber, weekStart: number): number {
  const year = yearOf(day);
  if (day < firstOfWeekYear(year, weekStart)) return year - 1;
  return day < firstOfWeekYear(year + 1, weekStart) ? year : year + 1;
}

function firstOfWeekYear(year: number, weekStart: number): DayNumber {
  // The fourth of January is always in the first week.
  return startOfWeek(firstOfYear(year) + 3, weekStart);
}

function firstOfYear(year: number): DayNumber {
  return firstOfMonth((year - firstYear) * monthsPerYear);
}

/** Arithmetic of the Gregorian calendar in years that begin in March: its leap day is the last one. */
function firstOfMonth(month: number): DayNumber {
  const fromMarch = month - marchBefore;
  const year = Math.floor(fromMarch / monthsPerYear);
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  // Months from March on have 31, 30, 31, 30 and 31 days, and so again.
  const daysInYear = Math.floor((153 * (fromMarch - year * monthsPerYear) + 2) / 5);
  return year * 365 + leapDays + daysInYear - daysFromMarch;
}

/** What is left of a division, never below 0. */
export function remainder(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}
