import { counted } from '../../kernel/text.js';
import { localTimeOf, momentOf } from './local-time.js';
import { type Recurrence, timesOf } from './occurrences.js';
import { parseRule, type Rule, type Weekday, weekdays } from './rule.js';

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
const workdays = ['MO', 'TU', 'WE', 'TH', 'FR'];

/**
 * A rule in plain English: 'every week on Monday', 'every 2 months on the last Friday at 09:00, 10 times'. Whatever
 * changes its dates is said. UNTIL is named by its day in the time zone, and by its time where that ends the day early.
 *
 * Libraries give different rules the same text, and some a wrong one. rrule leaves out BYSETPOS, WKST, minutes and
 * seconds, and says `in week -1`; rrule-temporal calls BYSETPOS=-2 'the last', too. Neither says that UNTIL cuts its day.
 * @see https://github.com/jkbrzt/rrule/blob/master/src/nlp/totext.ts
 * @see https://github.com/ggaabe/rrule-temporal/blob/main/src/totext.ts
 */
export function ruleText({ rule: text, timeZone, startsAt }: Recurrence): string {
  const rule = inOrder(parseRule(text, timeZone));
  const times = timesOf(rule, startsAt);
  const words = [dateText(rule), monthText(rule), positionText(rule), weekStartText(rule), timeText(rule, times)];
  return `${words.filter((part) => part !== '').join(' ')}${endText(rule, timeZone, times)}`;
}

/** The same rule with its lists in the order in which a calendar has them; what is counted from the end comes last. */
function inOrder(rule: Rule): Rule {
  const byPlace = (one: number, other: number) => Number(one < 0) - Number(other < 0) || one - other;
  const sorted = (list: readonly number[]) => [...list].sort(byPlace);
  const everyLast = Number.MAX_SAFE_INTEGER;
  const byDay = [...rule.byDay].sort(
    (one, other) =>
      byPlace(one.ordinal ?? everyLast, other.ordinal ?? everyLast) ||
      weekdays.indexOf(one.day) - weekdays.indexOf(other.day),
  );
  const { byMonth, byWeekNumber, byYearDay, byMonthDay, bySetPosition } = rule;
  return {
    ...rule,
    byDay,
    byMonth: sorted(byMonth),
    byWeekNumber: sorted(byWeekNumber),
    byYearDay: sorted(byYearDay),
    byMonthDay: sorted(byMonthDay),
    bySetPosition: sorted(bySetPosition),
  };
}

/** How often, and on which days: what a rule of short periods says about longer ones is said of these. */
function dateText(rule: Rule): string {
  const { frequency, interval, byDay, byMonthDay, byMonth, bySetPosition } = rule;
  const isEvery = interval === 1 && bySetPosition.length === 0;
  if (frequency === 'DAILY' && !isEvery) return `${everyText(rule)}${conditionText(byMonthDay, byDay)}`;
  if (frequency === 'WEEKLY') return onDays(everyText(rule), byDay.length > 0 ? weekdaysText(byDay) : '');
  if (isEvery && saysOnlyWeekdays(rule)) return `every ${weekdayNames(byDay, 'weekday', 'and')}`;
  const saysMonthDay = byMonthDay.length > 0;
  if (frequency === 'DAILY' && !saysMonthDay) return everyText(rule);
  const isYearly = isEvery && byMonth.length > 0;
  const isMonthly = isEvery && saysMonthDay && byMonth.length === 0;
  const every = isYearly ? 'every year' : isMonthly ? 'every month' : everyText(rule);
  return onDays(every, daysText(rule, isMonthly));
}

function everyText({ frequency, interval }: Rule): string {
  const unit = units[frequency];
  return interval === 1 ? `every ${unit}` : `every ${counted(interval, unit)}`;
}

function onDays(every: string, days: string): string {
  return days === '' ? every : `${every} ${days}`;
}

/** Whether all that a rule says of days is weekdays that are not counted. */
function saysOnlyWeekdays({ byDay, byMonthDay, byYearDay, byWeekNumber }: Rule): boolean {
  const others = [byMonthDay, byYearDay, byWeekNumber];
  return (
    byDay.length > 0 && others.every((list) => list.length === 0) && byDay.every(({ ordinal }) => ordinal === null)
  );
}

/** Days of a month or a year. */
function daysText(rule: Rule, isMonthly: boolean): string {
  const { frequency, byDay, byMonth, byMonthDay, byYearDay, byWeekNumber, bySetPosition } = rule;
  const isInYear = frequency === 'YEARLY' && byMonth.length === 0;
  if (byMonthDay.length > 0) {
    const ofMonth = isInYear && !isMonthly ? ' of every month' : '';
    return `on ${list(byMonthDay.map((day) => `the ${countedDay(day)}`))}${ofMonth}${conditionText([], byDay)}`;
  }
  if (byYearDay.length > 0) return `on ${list(byYearDay.map((day) => `the ${placeText(day)}day of the year`))}`;
  const weeks = byWeekNumber.length > 0 ? `in ${list(byWeekNumber.map(weekText))}` : '';
  if (byDay.length === 0) return weeks;
  // A week has each weekday once, and of those that BYSETPOS takes from it is said apart which.
  const isCounted = byDay.some(({ ordinal }) => ordinal !== null);
  if (weeks !== '' || (bySetPosition.length > 0 && !isCounted)) return `${weekdaysText(byDay)} ${weeks}`.trim();
  const counted = byDay.filter(({ ordinal }) => ordinal !== null);
  const every = byDay.filter(({ ordinal }) => ordinal === null);
  const ofYear = isInYear ? ' of the year' : '';
  const parts = counted.map(({ day, ordinal }) => `the ${placeText(ordinal ?? 1)}${dayNames[day]}${ofYear}`);
  return `on ${list([...parts, ...(every.length > 0 ? [`every ${weekdayNames(every, 'weekday', 'and')}`] : [])])}`;
}

function weekdaysText(byDay: readonly Weekday[]): string {
  return `on ${weekdayNames(byDay, 'weekdays', 'and')}`;
}

/** What else must be so of a day. */
function conditionText(byMonthDay: readonly number[], byDay: readonly Weekday[]): string {
  const conditions = [
    ...(byMonthDay.length > 0
      ? [
          list(
            byMonthDay.map((day) => `the ${countedDay(day)}`),
            'or',
          ),
        ]
      : []),
    ...(byDay.length > 0 ? [`a ${weekdayNames(byDay, 'weekday', 'or')}`] : []),
  ];
  return conditions.length > 0 ? ` if it is ${conditions.join(' and ')}` : '';
}

/** The names of weekdays, Monday first; `workdaysText` for Monday to Friday. */
function weekdayNames(byDay: readonly Weekday[], workdaysText: string, conjunction: string): string {
  const days = weekdays.filter((name) => byDay.some(({ day }) => day === name));
  if (days.join() === workdays.join()) return workdaysText;
  return list(
    days.map((day) => dayNames[day] ?? day),
    conjunction,
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

/**
 * Said where it decides dates: a weekly rule of some weeks, or of some days of each, divides its days by it, and weeks
 * are numbered by it.
 */
function weekStartText({ frequency, interval, byDay, byWeekNumber, bySetPosition, weekStart }: Rule): string {
  const places = byDay.map(({ day }) => weekdays.indexOf(day));
  const start = weekdays.indexOf(weekStart);
  const isDivided = places.some((place) => place < start) && places.some((place) => place >= start);
  // Which of some weeks is the first depends on it even for one day: the rule may begin on another.
  const decides = frequency === 'WEEKLY' && (interval > 1 ? places.length > 0 : bySetPosition.length > 0 && isDivided);
  if (start === 0 || (!decides && byWeekNumber.length === 0)) return '';
  return `(weeks begin on ${dayNames[weekStart]})`;
}

/** Times are told only where the rule tells any; what it leaves open is as at its beginning. */
function timeText({ byHour, byMinute, bySecond }: Rule, times: readonly string[]): string {
  if ([byHour, byMinute, bySecond].every((list) => list.length === 0)) return '';
  return `at ${list(clockTexts(times))}`;
}

/** Times of day, `HH:mm:ss`, without seconds where all are full minutes. */
function clockTexts(times: readonly string[]): readonly string[] {
  const areFull = times.every((time) => time.endsWith(':00'));
  return areFull ? times.map((time) => time.slice(0, 'HH:mm'.length)) : times;
}

function endText({ count, until }: Rule, timeZone: string, times: readonly string[]): string {
  if (count !== null) return count === 1 ? ', once' : `, ${counted(count, 'time')}`;
  if (!until) return '';
  const [date = '', time = ''] = localTimeOf(until, timeZone).split('T');
  const [year, month, day] = date.split('-');
  const isCut = times.some((each) => momentOf(`${date}T${each}`, timeZone) > until);
  const end = isCut ? ` at ${clockTexts([time]).join('')}` : '';
  return `, until ${Number(day)} ${months[Number(month) - 1]} ${year}${end}`;
}

function list(parts: readonly string[], conjunction = 'and'): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${conjunction} ${parts.at(-1)}`;
}

function ordinalText(number: number): string {
  const words = ['first', 'second', 'third', 'fourth', 'fifth'];
  const word = words[number - 1];
  if (word !== undefined) return word;
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  const ending = isTeen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[number % 10] ?? 'th');
  return `${number}${ending}`;
}
