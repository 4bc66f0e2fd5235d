import { localTimeOf } from './local-time.js';
import { clockOf, type Recurrence } from './occurrences.js';
import { parseRule, type Rule, type Weekday } from './rule.js';

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const dayNames: Readonly<Record<string, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const units = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };
const workdays = 'MO,TU,WE,TH,FR';

/**
 * A rule in plain English: 'every week on Monday', 'every 2 months on the last Friday at 09:00, 10 times'. UNTIL is
 * named by its day in the time zone.
 */
export function ruleText({ rule: text, timeZone, startsAt }: Recurrence): string {
  const rule = parseRule(text, timeZone);
  const words = [frequencyText(rule), dayText(rule), monthText(rule), positionText(rule), timeText(rule, startsAt)];
  return `${words.filter((part) => part !== '').join(' ')}${endText(rule, timeZone)}`;
}

function frequencyText({ frequency, interval }: Rule): string {
  const unit = units[frequency];
  return interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`;
}

function dayText({ byDay, byMonthDay, byYearDay, byWeekNumber }: Rule): string {
  const parts: string[] = [];
  if (byDay.length > 0) parts.push(`on ${weekdaysText(byDay)}`);
  if (byMonthDay.length > 0) parts.push(`on ${list(byMonthDay.map((day) => `the ${countedDay(day)}`))}`);
  if (byYearDay.length > 0) parts.push(`on ${list(byYearDay.map((day) => `the ${countedDay(day)} of the year`))}`);
  if (byWeekNumber.length > 0) parts.push(`in ${list(byWeekNumber.map((week) => weekText(week)))}`);
  return parts.join(' ');
}

function weekdaysText(byDay: readonly Weekday[]): string {
  if (byDay.map(({ day, ordinal }) => `${ordinal ?? ''}${day}`).join(',') === workdays) return 'weekdays';
  return list(
    byDay.map(({ day, ordinal }) => {
      const name = dayNames[day] ?? day;
      return ordinal === null ? name : `the ${placeText(ordinal)}${name}`;
    }),
  );
}

/** 'first ', 'last ', 'second to last ': what stands before the thing that is counted. */
function placeText(ordinal: number): string {
  if (ordinal > 0) return `${ordinalText(ordinal)} `;
  return ordinal === -1 ? 'last ' : `${ordinalText(-ordinal)} to last `;
}

function countedDay(day: number): string {
  return day > 0 ? ordinalText(day) : `${placeText(day)}day`;
}

function weekText(week: number): string {
  return week > 0 ? `week ${week}` : `the ${placeText(week)}week`;
}

function monthText({ byMonth }: Rule): string {
  return byMonth.length === 0 ? '' : `in ${list(byMonth.map((month) => months[month - 1] ?? ''))}`;
}

function positionText({ bySetPosition }: Rule): string {
  return bySetPosition.length === 0 ? '' : `(only the ${list(bySetPosition.map((place) => placeText(place).trim()))})`;
}

/** Times are told only where the rule tells any; what it leaves open is as at its beginning. */
function timeText(rule: Rule, startsAt: string): string {
  if (rule.byHour.length === 0 && rule.byMinute.length === 0) return '';
  const { hours, minutes } = clockOf(rule, startsAt);
  return `at ${list(hours.flatMap((hour) => minutes.map((minute) => `${hour}:${minute}`)))}`;
}

function endText({ count, until }: Rule, timeZone: string): string {
  if (count !== null) return count === 1 ? ', once' : `, ${count} times`;
  if (!until) return '';
  const [year, month, day] = localTimeOf(until, timeZone).split(/[-T]/);
  return `, until ${Number(day)} ${months[Number(month) - 1]} ${year}`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function ordinalText(number: number): string {
  const words = ['first', 'second', 'third', 'fourth', 'fifth'];
  const word = words[number - 1];
  if (word !== undefined) return word;
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  const ending = isTeen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[number % 10] ?? 'th');
  return `${number}${ending}`;
}
