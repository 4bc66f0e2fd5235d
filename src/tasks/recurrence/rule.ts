import { lastMoment } from './calendar.js';
import { endOfDay, momentOf } from './local-time.js';

/** How often a rule repeats: the part of RFC 5545 that is accepted. */
type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/** A weekday of a rule; `ordinal` says which one of the month or year (-1: the last), null every one. */
export interface Weekday {
  readonly day: string;
  readonly ordinal: number | null;
}

/** An RRULE in its parts (RFC 5545 section 3.3.10); an empty list is a part that is not there. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** Inclusive. */
  readonly until: Date | null;
  readonly byMonth: readonly number[];
  readonly byWeekNumber: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly byDay: readonly Weekday[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySecond: readonly number[];
  readonly bySetPosition: readonly number[];
  readonly weekStart: string;
}

/** Why a rule is not accepted, for its user. */
export class RuleError extends Error {}

/** The weekdays, Monday first, as RFC 5545 spells them. */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const maxRuleLength = 500;
const maxInterval = 999;
const maxCount = 1_000;
/** Times a day that a rule may name. */
const maxTimesADay = 24;
/** Days of the longest period. */
const maxPositions = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 };

const frequencies: readonly Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const known = new Set([
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYMONTH', 'BYWEEKNO', 'BYYEARDAY', 'BYMONTHDAY'],
  ...['BYDAY', 'BYHOUR', 'BYMINUTE', 'BYSECOND', 'BYSETPOS'],
]);

/** Parses and checks a rule. UNTIL without a zone is read in `timeZone`. @throws RuleError with the reason */
export function parseRule(text: string, timeZone: string): Rule {
  const parts = partsOf(normalized(text));
  const rule: Rule = {
    frequency: frequencyOf(parts.get('FREQ')),
    interval: oneNumber(parts, 'INTERVAL', maxInterval) ?? 1,
    count: oneNumber(parts, 'COUNT', maxCount),
    until: untilOf(parts.get('UNTIL'), timeZone),
    byMonth: numbers(parts, 'BYMONTH', 1, 12),
    byWeekNumber: signedNumbers(parts, 'BYWEEKNO', 53),
    byYearDay: signedNumbers(parts, 'BYYEARDAY', 366),
    byMonthDay: signedNumbers(parts, 'BYMONTHDAY', 31),
    byDay: [...new Set(parts.get('BYDAY')?.split(','))].map(weekdayOf),
    byHour: numbers(parts, 'BYHOUR', 0, 23),
    byMinute: numbers(parts, 'BYMINUTE', 0, 59),
    bySecond: numbers(parts, 'BYSECOND', 0, 59),
    bySetPosition: signedNumbers(parts, 'BYSETPOS', 366),
    weekStart: parts.get('WKST') ?? 'MO',
  };
  for (const [isBroken, reason] of combinations(rule)) if (isBroken) throw new RuleError(reason);
  return rule;
}

/** Whether two texts say the same rule, whatever their spelling and their order. @throws RuleError */
export function isSameRule(one: string, other: string, timeZone: string): boolean {
  return meaningOf(parseRule(one, timeZone)) === meaningOf(parseRule(other, timeZone));
}

function meaningOf(rule: Rule): string {
  const spelled = (value: unknown) => JSON.stringify(value);
  return spelled(Object.values(rule).map((value) => (Array.isArray(value) ? value.map(spelled).sort() : value)));
}

/** A rule's text as it is kept: upper case, without prefix, UNTIL in UTC. */
export function canonicalText(text: string, { until }: Rule): string {
  const moment = until?.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return normalized(text).replace(/UNTIL=[^;]*/, `UNTIL=${moment ?? ''}`);
}

function normalized(text: string): string {
  if (text.length > maxRuleLength) throw new RuleError(`must have at most ${maxRuleLength} characters`);
  // `toUpperCase` makes ASCII letters of some others.
  if (/[^\s\x21-\x7e]/.test(text)) throw new RuleError('must have no letters but those of English');
  const line = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '');
  if (/[\r\n]/.test(line) || line.startsWith('DTSTART')) {
    throw new RuleError('must be one RRULE; where it begins is said by the due date');
  }
  return line;
}

function partsOf(line: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of line.split(';')) {
    const [, name = '', value = ''] = /^([A-Z-]+)=(.+)$/.exec(part) ?? [];
    if (name === '') throw new RuleError('must be an RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO');
    if (!known.has(name)) throw new RuleError(`${name} is not supported`);
    if (parts.has(name)) throw new RuleError(`${name} is there twice`);
    parts.set(name, value);
  }
  return parts;
}

function frequencyOf(text: string | undefined): Frequency {
  if (text === undefined) throw new RuleError('FREQ is required');
  const frequency = frequencies.find((each) => each === text);
  if (!frequency) throw new RuleError(`FREQ must be ${frequencies.join(', ')}`);
  return frequency;
}

function oneNumber(parts: ReadonlyMap<string, string>, name: string, largest: number): number | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > largest) throw new RuleError(`${name} must be from 1 to ${largest}`);
  return number;
}

function numbers(parts: ReadonlyMap<string, string>, name: string, smallest: number, largest: number): number[] {
  const texts = parts.get(name)?.split(',') ?? [];
  const found = texts.map((text) => (/^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN));
  if (!found.every((number) => number >= smallest && number <= largest)) {
    throw new RuleError(`${name} must be from ${smallest} to ${largest}`);
  }
  return [...new Set(found)];
}

function signedNumbers(parts: ReadonlyMap<string, string>, name: string, largest: number): number[] {
  const found = numbers(parts, name, -largest, largest);
  if (found.includes(0)) throw new RuleError(`${name} must not be 0`);
  return found;
}

function weekdayOf(text: string): Weekday {
  const [, ordinal, day] = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text) ?? [];
  if (day === undefined) throw new RuleError('BYDAY must name weekdays, such as MO or -1FR');
  const which = ordinal === undefined ? null : Number(ordinal);
  if (which === 0) throw new RuleError('BYDAY must not be numbered 0');
  return { day, ordinal: which };
}

/** An end before 1970, or behind all that is due, becomes one there: years of four digits in every zone. */
function untilOf(text: string | undefined, timeZone: string): Date | null {
  if (text === undefined) return null;
  const [, year, month, dayOfMonth, time, zone] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{4}[0-5]\d)(Z)?)?$/.exec(text) ?? [];
  const day = `${year}-${month}-${dayOfMonth}`;
  try {
    // A date alone is its whole day.
    const until =
      time === undefined
        ? endOfDay(day, timeZone)
        : momentOf(`${day}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}`, zone ? 'UTC' : timeZone);
    return new Date(Math.min(Math.max(until.getTime(), 0), lastMoment.getTime()));
  } catch {
    throw new RuleError('UNTIL must be a date, or a moment in UTC such as 20271231T235959Z');
  }
}

function* combinations(rule: Rule): Generator<readonly [isBroken: boolean, reason: string]> {
  const { frequency, byDay, bySetPosition, weekStart } = rule;
  const isYearly = frequency === 'YEARLY';
  const hasOrdinals = byDay.some(({ ordinal }) => ordinal !== null);
  const has = (list: readonly unknown[]) => list.length > 0;
  const times = Math.max(1, rule.byHour.length) * Math.max(1, rule.byMinute.length) * Math.max(1, rule.bySecond.length);
  yield [rule.count !== null && rule.until !== null, 'COUNT and UNTIL exclude each other'];
  yield [!weekdays.includes(weekStart), 'WKST must be a weekday, such as MO'];
  yield [has(rule.byWeekNumber) && !isYearly, 'BYWEEKNO goes with YEARLY'];
  yield [has(rule.byYearDay) && !isYearly, 'BYYEARDAY goes with YEARLY'];
  yield [has(rule.byMonthDay) && frequency === 'WEEKLY', 'BYMONTHDAY does not go with WEEKLY'];
  yield [hasOrdinals && !isYearly && frequency !== 'MONTHLY', 'numbered weekdays go with MONTHLY and YEARLY'];
  yield [hasOrdinals && has(rule.byWeekNumber), 'numbered weekdays do not go with BYWEEKNO'];
  // Readers of RFC 5545 differ on these, and the library with them.
  yield [hasOrdinals && has(rule.byMonthDay), 'numbered weekdays do not go with BYMONTHDAY'];
  yield [has(rule.byWeekNumber) && has(rule.byMonthDay), 'BYWEEKNO does not go with BYMONTHDAY'];
  yield [has(rule.byYearDay) && has(rule.byMonthDay), 'BYYEARDAY does not go with BYMONTHDAY'];
  yield [has(rule.byYearDay) && has(rule.byWeekNumber), 'BYYEARDAY does not go with BYWEEKNO'];
  yield [has(rule.byYearDay) && has(byDay), 'BYYEARDAY does not go with BYDAY'];
  // Counted in the month where BYMONTH names one, else in the year, of which one weekday or two come 53 times.
  const maxWeekdays = isYearly && !has(rule.byMonth) ? 53 : 5;
  yield [
    byDay.some(({ ordinal }) => Math.abs(ordinal ?? 0) > maxWeekdays),
    `weekdays can be numbered from 1 to ${maxWeekdays} here`,
  ];
  const others = [rule.byMonth, rule.byWeekNumber, rule.byYearDay, rule.byMonthDay, byDay, rule.byHour];
  yield [has(bySetPosition) && ![...others, rule.byMinute, rule.bySecond].some(has), 'BYSETPOS needs another BY part'];
  yield [has(bySetPosition) && times > 1, 'BYSETPOS goes with one time of day'];
  yield [has(bySetPosition) && has(rule.byWeekNumber), 'BYSETPOS does not go with BYWEEKNO'];
  const most = maxPositions[frequency];
  yield [bySetPosition.some((place) => Math.abs(place) > most), `BYSETPOS must be from 1 to ${most} with ${frequency}`];
  yield [has(bySetPosition) && frequency === 'DAILY', 'BYSETPOS does not go with DAILY'];
  yield [times > maxTimesADay, `at most ${maxTimesADay} times a day`];
}
