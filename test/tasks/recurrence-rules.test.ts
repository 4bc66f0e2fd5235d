import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../src/kernel/errors.js';
import { dayNumberOf } from '../../src/tasks/recurrence/calendar.js';
import { visitDays } from '../../src/tasks/recurrence/dates.js';
import {
  occurrencesAfter,
  occurrencesFrom,
  parseRecurrence,
  type Recurrence,
  ruleText,
  startAtFirstOccurrence,
} from '../../src/tasks/recurrence/index.js';
import { parseRule } from '../../src/tasks/recurrence/rule.js';

interface Case extends Recurrence {
  readonly expected: readonly string[];
}

/**
 * Derived without the library that we use: days by Python's dateutil (many are RFC 5545's own examples, section
 * 3.8.5.3), moments by Python's zoneinfo, with a removed hour shifted to the first valid second and a doubled one
 * taken the first time. Rules by week number are gone through day by day with the week years of ISO 8601, since
 * dateutil knows calendar years only.
 */
const table: readonly Case[] = JSON.parse(readFileSync('test/tasks/recurrences.json', 'utf8'));
const start = new Date('2026-11-21T09:00:00Z');
const longAgo = new Date('1990-01-01T00:00:00Z');

const momentsOf = (recurrence: Recurrence, count: number) =>
  occurrencesFrom(recurrence, longAgo, count).map(({ at }) => at.toISOString().replace('.000Z', 'Z'));

test('the table is as large and as wide as it should be', () => {
  expect(table.length).toBeGreaterThanOrEqual(110);
  expect(table.filter(({ rule }) => rule.includes('BYWEEKNO')).length).toBeGreaterThanOrEqual(15);
  expect(new Set(table.map(({ timeZone }) => timeZone)).size).toBeGreaterThanOrEqual(12);
});

test.each(table.map((each) => [each.rule, each.timeZone, each.startsAt, each] as const))(
  '%s in %s from %s',
  (_, __, ___, each) => {
    const begun = startAtFirstOccurrence(each);
    expect(momentsOf(begun, each.expected.length)).toEqual(each.expected);
    // Asked from the middle on, the series is the same.
    const [, second, ...rest] = each.expected;
    if (second === undefined) return;
    const after = occurrencesAfter(begun, new Date(second), rest.length).map(({ at }) => at.getTime());
    expect(after).toEqual(rest.map((moment) => Date.parse(moment)));
  },
);

test('COUNT has the beginning among its occurrences, be it one of the rule’s or not (RFC 5545 section 3.3.10)', () => {
  // A Wednesday.
  const given = { rule: 'FREQ=WEEKLY;COUNT=3;BYDAY=MO', timeZone: 'UTC', startsAt: '2026-11-25T09:00:00' };
  expect(momentsOf(given, 5)).toEqual(['2026-11-30T09:00:00Z', '2026-12-07T09:00:00Z']);
  expect(momentsOf({ ...given, startsAt: '2026-11-30T09:00:00' }, 5)).toHaveLength(3);
});

test.each([
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU',
  'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO',
  'FREQ=YEARLY;INTERVAL=99',
  'FREQ=MONTHLY;INTERVAL=999',
  'FREQ=DAILY;INTERVAL=999;BYDAY=MO',
  'FREQ=YEARLY;BYYEARDAY=366',
  'FREQ=YEARLY;BYDAY=53MO',
  'FREQ=YEARLY;BYDAY=-53SU',
])('%s is shown as often as asked', (rule) => {
  const recurrence = { rule, timeZone: 'UTC', startsAt: '2026-11-21T09:00:00' };
  expect(occurrencesFrom(recurrence, start, 50)).toHaveLength(50);
});

test('a numbered weekday of the year is the one that a calendar counts to, the 53rd too', () => {
  const fourCenturies = { first: dayNumberOf('2001-01-01'), last: dayNumberOf('2400-12-31') };
  const years = new Map<string, Map<number, string[]>>();
  for (let number = fourCenturies.first; number <= fourCenturies.last; number += 1) {
    const date = new Date(number * 86_400_000);
    const day = date.toISOString().slice(0, 10);
    const ofYear = years.get(day.slice(0, 4)) ?? new Map<number, string[]>();
    years.set(day.slice(0, 4), ofYear.set(date.getUTCDay(), [...(ofYear.get(date.getUTCDay()) ?? []), day]));
  }
  const counted = (weekday: number, ordinal: number) =>
    [...years.values()].flatMap((ofYear) => {
      const days = ofYear.get(weekday) ?? [];
      return days[ordinal > 0 ? ordinal - 1 : days.length + ordinal] ?? [];
    });
  const inYear = [1, 2, 27, 51, 52, 53].flatMap((ordinal) => [ordinal, -ordinal]);
  for (const [weekday, name] of ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'].entries()) {
    for (const ordinal of inYear) {
      const found: string[] = [];
      const rule = parseRule(`FREQ=YEARLY;BYDAY=${ordinal}${name}`, 'UTC');
      // A look is bounded, so each decade is looked at by itself.
      for (let year = 2001; year <= 2400; year += 10) {
        const end = dayNumberOf(`${year + 9}-12-31`);
        visitDays(rule, `${year}-01-01`, `${year}-01-01`, (day) => found.push(day) > 0, end);
      }
      expect(found).toEqual(counted(weekday, ordinal));
    }
  }
});

test("the server's own time zone changes nothing", () => {
  const script = `
    const { readFileSync } = await import('node:fs');
    const { startAtFirstOccurrence, occurrencesFrom } = await import('./dist/src/tasks/recurrence/index.js');
    const table = JSON.parse(readFileSync('test/tasks/recurrences.json', 'utf8'));
    const of = (each) => occurrencesFrom(startAtFirstOccurrence(each), new Date(0), each.expected.length).map(({ at }) => at.toISOString().replace('.000Z', 'Z'));
    console.log(JSON.stringify({ zone: new Date(0).getTimezoneOffset(), wrong: table.filter((each) => of(each).join() !== each.expected.join()) }));`;
  const runs = ['UTC', 'America/New_York', 'Pacific/Kiritimati'].map((TZ) => {
    const args = ['--input-type=module', '--eval', script];
    return JSON.parse(execFileSync(process.execPath, args, { env: { TZ }, encoding: 'utf8', timeout: 30_000 }));
  });
  expect(runs.map(({ wrong }) => wrong)).toEqual([[], [], []]);
  expect(new Set(runs.map(({ zone }) => zone)).size).toBe(3);
});

const parse = (rule: string, timeZone = 'UTC') => parseRecurrence({ rule, timeZone }, start);

function reasonOf(rule: string, timeZone?: string): unknown {
  try {
    parse(rule, timeZone);
  } catch (error) {
    if (error instanceof AppError) return error.details['fields'];
    throw error;
  }
  return 'accepted';
}

test.each([
  ['FREQ=SECONDLY', 'FREQ must be DAILY, WEEKLY, MONTHLY, YEARLY'],
  ['FREQ=HOURLY;BYMINUTE=0', 'FREQ must be DAILY, WEEKLY, MONTHLY, YEARLY'],
  ['', 'must be an RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO'],
  ['every Monday', 'must be an RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO'],
  ['BYDAY=MO', 'FREQ is required'],
  ['FREQ=DAILY;COUNT=1000000000', 'COUNT must be from 1 to 1000'],
  ['FREQ=DAILY;COUNT=0', 'COUNT must be from 1 to 1000'],
  ['FREQ=DAILY;INTERVAL=1000', 'INTERVAL must be from 1 to 999'],
  ['FREQ=DAILY;INTERVAL=-1', 'INTERVAL must be from 1 to 999'],
  ['FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z', 'COUNT and UNTIL exclude each other'],
  ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL must be a date, or a moment in UTC such as 20271231T235959Z'],
  ['FREQ=DAILY;UNTIL=20270231', 'UNTIL must be a date, or a moment in UTC such as 20271231T235959Z'],
  ['FREQ=DAILY;UNTIL=20271231T235960Z', 'UNTIL must be a date, or a moment in UTC such as 20271231T235959Z'],
  ['FREQ=DAILY;UNTIL=20250101T000000Z', 'UNTIL is before the first date'],
  ['FREQ=WEEKLY;BYDAY=\u017fU', 'must have no letters but those of English'],
  // After its beginning, but before the first Monday, or the first of all.
  ['FREQ=WEEKLY;BYDAY=MO;UNTIL=20261122', 'UNTIL is before the first date'],
  ['FREQ=YEARLY;BYMONTH=12;UNTIL=20261130', 'UNTIL is before the first date'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20250101', 'does not occur within 10 years'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'does not occur within 10 years'],
  ['FREQ=DAILY;BYHOUR=24', 'BYHOUR must be from 0 to 23'],
  ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY must name weekdays, such as MO or -1FR'],
  ['FREQ=WEEKLY;BYDAY=1MO', 'numbered weekdays go with MONTHLY and YEARLY'],
  ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY does not go with WEEKLY'],
  ['FREQ=MONTHLY;BYWEEKNO=1', 'BYWEEKNO goes with YEARLY'],
  ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS needs another BY part'],
  ['FREQ=WEEKLY;BYDAY=MO;BYSETPOS=8', 'BYSETPOS must be from 1 to 7 with WEEKLY'],
  ['FREQ=YEARLY;BYYEARDAY=1;BYDAY=MO', 'BYYEARDAY does not go with BYDAY'],
  ['FREQ=YEARLY;BYDAY=54SU', 'weekdays can be numbered from 1 to 53 here'],
  ['FREQ=YEARLY;BYDAY=-54SU', 'weekdays can be numbered from 1 to 53 here'],
  ['FREQ=YEARLY;BYMONTH=12;BYDAY=53MO', 'weekdays can be numbered from 1 to 5 here'],
  ['FREQ=YEARLY;BYMONTH=1;BYDAY=-53MO', 'weekdays can be numbered from 1 to 5 here'],
  ['FREQ=MONTHLY;BYDAY=6MO', 'weekdays can be numbered from 1 to 5 here'],
  ['FREQ=DAILY;FREQ=DAILY', 'FREQ is there twice'],
  ['FREQ=DAILY;RSCALE=CHINESE', 'RSCALE is not supported'],
  ['FREQ=DAILY;BYSECOND=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2', 'at most 24 times a day'],
  ['DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY', 'must be one RRULE; where it begins is said by the due date'],
  [`FREQ=DAILY;BYMONTH=${'1,'.repeat(5_000)}1`, 'must have at most 500 characters'],
])('%.40s is refused: %s', (rule, reason) => {
  expect(reasonOf(rule)).toEqual([{ field: 'rule', rule: reason }]);
});

test('a time zone that does not exist is refused', () => {
  expect(reasonOf('FREQ=DAILY', 'Europe/Atlantis')).toEqual([{ field: 'timeZone', rule: 'must be an IANA time zone' }]);
});

test('a rule is kept in one spelling', () => {
  expect(parse(' rrule:freq=weekly;byday=mo; ').rule).toBe('FREQ=WEEKLY;BYDAY=MO');
  expect(parse('FREQ=DAILY;UNTIL=20270101', 'America/New_York').rule).toBe('FREQ=DAILY;UNTIL=20270102T045959Z');
});

describe.each(['UTC', 'Etc/GMT+12', 'America/New_York', 'Asia/Tokyo', 'Pacific/Kiritimati'])('in %s', (timeZone) => {
  test.each(['99991231', '99991231T235959', '99991231T235959Z', '99990101', '99981231T235959Z'])(
    'a rule until %s goes on for as long as anything is due, and reads back as itself',
    (until) => {
      const { rule } = parse(`FREQ=DAILY;UNTIL=${until}`, timeZone);
      expect(rule).toBe('FREQ=DAILY;UNTIL=99981231T235959Z');
      expect(parse(rule, timeZone).rule).toBe(rule);
    },
  );

  test.each(['00000101', '00000101T000000', '00010101T000000', '19691231T235959Z'])(
    'a rule until %s has ended',
    (until) => {
      const rule = 'UNTIL is before the first date';
      expect(reasonOf(`FREQ=DAILY;UNTIL=${until}`, timeZone)).toEqual([{ field: 'rule', rule }]);
    },
  );
});

describe('a rule that never occurs is refused after a look at ten years, of which each day costs the same', () => {
  const everyWeekday = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  const numbered = Array.from({ length: 90 }, (_, place) => `${(place % 52) + 1}${everyWeekday[place % 7]}`).join(',');
  test.each([
    'FREQ=WEEKLY;BYHOUR=23;BYSETPOS=-2',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6',
    'FREQ=YEARLY;BYDAY=52MO;BYSETPOS=2',
    `FREQ=YEARLY;BYDAY=${numbered};BYSETPOS=300`,
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11',
    'FREQ=YEARLY;BYMONTHDAY=31;BYDAY=MO;BYSETPOS=300',
  ])('%.60s', (rule) => {
    expect(reasonOf(rule)).toEqual([{ field: 'rule', rule: 'does not occur within 10 years' }]);
    const tenYears = { start: '2026-11-21', last: dayNumberOf('2036-11-21') };
    const never = (day: string): never => {
      throw new Error(`${rule} occurs on ${day}.`);
    };
    const looked = visitDays(parseRule(rule, 'UTC'), tenYears.start, tenYears.start, never, tenYears.last);
    expect(looked).toBeLessThan(5_000);
  });
});

describe('a hostile rule is answered or refused after a look at few days', () => {
  const everyDay = Array.from({ length: 31 }, (_, day) => day + 1).join(',');
  test.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30,31',
    'FREQ=YEARLY;INTERVAL=999;BYYEARDAY=366',
    'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6',
    'FREQ=YEARLY;INTERVAL=999;BYDAY=53MO',
    'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-366',
    'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMONTH=2;BYSETPOS=30',
    `FREQ=MONTHLY;BYMONTHDAY=${everyDay};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=31`,
    'FREQ=WEEKLY;INTERVAL=2;BYMONTH=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=7',
    'FREQ=DAILY;COUNT=1000;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;COUNT=1000',
    'FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2;BYDAY=SU;INTERVAL=7',
    'FREQ=DAILY;INTERVAL=999;BYDAY=MO',
    'FREQ=YEARLY;BYMONTH=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=29',
  ])('%s', (rule) => {
    const isAccepted = reasonOf(rule) === 'accepted';
    const recurrence = { rule, timeZone: 'UTC', startsAt: '2026-11-21T09:00:00' };
    for (const after of ['2027-01-01', '2047-01-01', '9990-01-01']) {
      let found = 0;
      const looked = visitDays(parseRule(rule, 'UTC'), '2026-11-21', after, () => ++found < 50);
      // A step takes less than 0.1 µs; the last period is looked through to its end.
      expect(looked).toBeLessThan(100_500);
      const answered = isAccepted ? occurrencesAfter(recurrence, new Date(after), 50) : [];
      expect(answered.length).toBeLessThanOrEqual(50);
    }
  });
});

test.each([
  ['FREQ=DAILY', 'every day'],
  ['FREQ=DAILY;INTERVAL=3', 'every 3 days'],
  ['FREQ=DAILY;COUNT=10', 'every day, 10 times'],
  ['FREQ=DAILY;COUNT=1', 'every day, once'],
  ['FREQ=DAILY;UNTIL=20300301T090000Z', 'every day, until 1 March 2030'],
  ['FREQ=DAILY;BYHOUR=9;BYMINUTE=30', 'every day at 09:30'],
  ['FREQ=DAILY;BYHOUR=8,20', 'every day at 08:00 and 20:00'],
  ['FREQ=DAILY;BYMONTH=1', 'every day in January'],
  ['FREQ=WEEKLY', 'every week'],
  ['FREQ=WEEKLY;BYDAY=MO', 'every week on Monday'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH', 'every 2 weeks on Tuesday and Thursday'],
  ['FREQ=WEEKLY;BYDAY=MO,WE,FR', 'every week on Monday, Wednesday and Friday'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every week on weekdays'],
  ['FREQ=MONTHLY;BYMONTHDAY=1', 'every month on the first'],
  ['FREQ=MONTHLY;BYMONTHDAY=2,15', 'every month on the second and the 15th'],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', 'every month on the last day'],
  ['FREQ=MONTHLY;BYMONTHDAY=-3', 'every month on the third to last day'],
  ['FREQ=MONTHLY;BYMONTHDAY=21,22,23', 'every month on the 21st, the 22nd and the 23rd'],
  ['FREQ=MONTHLY;BYMONTHDAY=11,12,13', 'every month on the 11th, the 12th and the 13th'],
  ['FREQ=MONTHLY;BYDAY=1FR', 'every month on the first Friday'],
  ['FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9', 'every month on the last Friday at 09:00'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'every month on weekdays (only the last)'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', 'every year on the 29th in February'],
  ['FREQ=YEARLY;BYMONTH=11;BYDAY=4TH', 'every year on the fourth Thursday in November'],
  ['FREQ=YEARLY;BYYEARDAY=100', 'every year on the 100th day of the year'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', 'every year on Monday in week 20'],
  ['FREQ=WEEKLY;BYDAY=MO,MO;BYHOUR=9', 'every week on Monday at 09:00'],
  ['FREQ=DAILY;BYMINUTE=15', 'every day at 09:15'],
  // Every weekday of a period, and not one of it.
  ['FREQ=YEARLY;BYDAY=MO', 'every Monday'],
  ['FREQ=MONTHLY;BYDAY=MO', 'every Monday'],
  ['FREQ=DAILY;BYDAY=MO', 'every Monday'],
  ['FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR', 'every weekday'],
  ['FREQ=YEARLY;BYDAY=FR,MO;BYHOUR=9', 'every Monday and Friday at 09:00'],
  ['FREQ=YEARLY;BYDAY=MO;COUNT=3', 'every Monday, 3 times'],
  ['FREQ=YEARLY;BYMONTH=1;BYDAY=MO', 'every Monday in January'],
  ['FREQ=MONTHLY;BYMONTH=1;BYDAY=MO', 'every Monday in January'],
  ['FREQ=DAILY;BYMONTH=1;BYDAY=MO', 'every Monday in January'],
  ['FREQ=WEEKLY;BYMONTH=1;BYDAY=MO', 'every week on Monday in January'],
  ['FREQ=YEARLY;INTERVAL=2;BYDAY=MO', 'every 2 years on every Monday'],
  ['FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR', 'every 2 months on every weekday'],
  ['FREQ=DAILY;INTERVAL=3;BYDAY=MO', 'every 3 days if it is a Monday'],
  [
    'FREQ=DAILY;INTERVAL=3;BYMONTHDAY=1,-1;BYDAY=MO,TU',
    'every 3 days if it is the first or the last day and a Monday or Tuesday',
  ],
  ['FREQ=DAILY;INTERVAL=3;BYMONTH=1', 'every 3 days in January'],
  ['FREQ=WEEKLY;BYDAY=FR,MO', 'every week on Monday and Friday'],
  ['FREQ=WEEKLY;BYDAY=FR,TH,WE,TU,MO', 'every week on weekdays'],
  // Counted weekdays: in the month, or in the year.
  ['FREQ=MONTHLY;BYDAY=2MO,-1FR', 'every month on the second Monday and the last Friday'],
  ['FREQ=MONTHLY;BYDAY=1FR,MO', 'every month on the first Friday and every Monday'],
  ['FREQ=MONTHLY;BYMONTH=11;BYDAY=4TH', 'every year on the fourth Thursday in November'],
  ['FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO', 'every 3 months on the first Monday'],
  ['FREQ=YEARLY;BYDAY=20MO', 'every year on the 20th Monday of the year'],
  ['FREQ=YEARLY;BYDAY=-1SU', 'every year on the last Sunday of the year'],
  ['FREQ=YEARLY;BYDAY=53MO', 'every year on the 53rd Monday of the year'],
  ['FREQ=YEARLY;BYDAY=-53MO', 'every year on the 53rd to last Monday of the year'],
  ['FREQ=YEARLY;INTERVAL=2;BYDAY=1MO', 'every 2 years on the first Monday of the year'],
  // Days of the month, of which a year has twelve.
  ['FREQ=YEARLY;BYMONTHDAY=1', 'every month on the first'],
  ['FREQ=DAILY;BYMONTHDAY=1', 'every month on the first'],
  ['FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=1', 'every 2 years on the first of every month'],
  ['FREQ=YEARLY;BYMONTHDAY=1;BYSETPOS=-1', 'every year on the first of every month (only the last)'],
  ['FREQ=MONTHLY;BYMONTH=1,7;BYMONTHDAY=1', 'every year on the first in January and July'],
  ['FREQ=DAILY;BYMONTH=1;BYMONTHDAY=-1', 'every year on the last day in January'],
  ['FREQ=MONTHLY;BYMONTH=3', 'every year in March'],
  ['FREQ=MONTHLY;INTERVAL=2;BYMONTH=3', 'every 2 months in March'],
  ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', 'every 4 years on the 29th in February'],
  ['FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR', 'every month on the 13th if it is a Friday'],
  ['FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR', 'every month on the 13th if it is a Friday'],
  ['FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR', 'every month on the 13th if it is a Friday'],
  ['FREQ=MONTHLY', 'every month'],
  ['FREQ=YEARLY', 'every year'],
  // Days and weeks of the year.
  ['FREQ=YEARLY;BYYEARDAY=-1', 'every year on the last day of the year'],
  ['FREQ=YEARLY;BYYEARDAY=1,-2', 'every year on the first day of the year and the second to last day of the year'],
  ['FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU', 'every year on Sunday in the last week'],
  ['FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1,53;BYDAY=MO', 'every 2 years on Monday in week 1 and week 53'],
  ['FREQ=YEARLY;BYWEEKNO=20', 'every year in week 20'],
  // BYSETPOS takes its days out of each period.
  ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2', 'every month on Monday (only the second)'],
  ['FREQ=MONTHLY;BYMONTH=1;BYDAY=MO,TU;BYSETPOS=-1', 'every month on Monday and Tuesday in January (only the last)'],
  ['FREQ=YEARLY;BYDAY=SA,SU;BYSETPOS=1', 'every year on Saturday and Sunday (only the first)'],
  ['FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1,-1', 'every week on Monday, Wednesday and Friday (only the first and last)'],
])('%s reads "%s"', (rule, text) => {
  expect(ruleText({ rule, timeZone: 'UTC', startsAt: '2026-11-21T09:00:00' })).toBe(text);
});

test.each([
  ['America/New_York', 'FREQ=DAILY;BYHOUR=23;BYMINUTE=30;UNTIL=20271107', '2027-11-06T00:00:00Z', 3],
  ['Europe/London', 'FREQ=DAILY;BYHOUR=0;BYMINUTE=30;UNTIL=20270328', '2027-03-27T12:00:00Z', 1],
  ['Europe/London', 'FREQ=DAILY;BYHOUR=23;BYMINUTE=59;BYSECOND=59;UNTIL=20270328', '2027-03-27T12:00:00Z', 2],
  ['America/Havana', 'FREQ=DAILY;BYHOUR=23;UNTIL=20270313', '2027-03-12T12:00:00Z', 2],
])('a day in %s ends when it does: %s', (timeZone, rule, from, count) => {
  const recurrence = parseRecurrence({ rule, timeZone }, new Date(from));
  expect(occurrencesFrom(recurrence, new Date(from), 10)).toHaveLength(count);
});

test('an end is named by its day in the time zone', () => {
  const recurrence = parse('FREQ=DAILY;UNTIL=20270101', 'America/New_York');
  expect(ruleText(recurrence)).toBe('every day, until 1 January 2027');
});

const randomRule = fc
  .record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 12 }),
    months: fc.subarray(['1', '2', '3', '10'], { maxLength: 2 }),
    days: fc.subarray(['MO', 'WE', 'SU'], { maxLength: 2 }),
    end: fc.constantFrom('', ';COUNT=40', ';UNTIL=20310101T000000Z'),
    timeZone: fc.constantFrom('America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC'),
    hour: fc.integer({ min: 0, max: 23 }),
  })
  .map(({ frequency, interval, months, days, end, timeZone, hour }) => ({
    rule:
      [
        `FREQ=${frequency};INTERVAL=${interval};BYHOUR=${hour}`,
        ...(months.length > 0 ? [`BYMONTH=${months.join(',')}`] : []),
        ...(days.length > 0 ? [`BYDAY=${days.join(',')}`] : []),
      ].join(';') + end,
    timeZone,
  }));

test('whatever the rule, its occurrences rise, and asked in two halves they are the same', () => {
  fc.assert(
    fc.property(randomRule, fc.integer({ min: 1, max: 9 }), (given, half) => {
      fc.pre(reasonOf(given.rule, given.timeZone) === 'accepted');
      const recurrence = parseRecurrence(given, start);
      const all = occurrencesFrom(recurrence, start, 20);
      const moments = all.map(({ at }) => at.getTime());
      expect(moments.every((moment, index) => moment > (moments[index - 1] ?? start.getTime() - 1))).toBe(true);
      const middle = all[half];
      if (!middle) return;
      const rest = all.slice(half + 1);
      expect(occurrencesAfter(recurrence, middle.at, rest.length)).toEqual(rest);
    }),
    { numRuns: 200 },
  );
});

const gaps = [
  ['Europe/London', '2027-03-27T12:00:00'],
  ['America/Havana', '2027-03-13T12:00:00'],
  ['Australia/Lord_Howe', '2027-10-02T12:00:00'],
  ['Pacific/Apia', '2011-12-29T12:00:00'],
] as const;

test('COUNT counts a moment once, also where two times of day were moved onto it', () => {
  const times = fc.record({
    hours: fc.subarray([0, 1, 2, 3, 12], { minLength: 1 }),
    minutes: fc.subarray([0, 15, 30], { minLength: 1 }),
  });
  fc.assert(
    fc.property(times, fc.constantFrom(...gaps), fc.integer({ min: 1, max: 60 }), ({ hours, minutes }, gap, count) => {
      const [timeZone, startsAt] = gap;
      const rule = `FREQ=DAILY;BYHOUR=${hours.join()};BYMINUTE=${minutes.join()};BYSECOND=0`;
      const begun = startAtFirstOccurrence({ rule, timeZone, startsAt });
      const counted = momentsOf({ ...begun, rule: `${rule};COUNT=${count}` }, 100);
      expect(counted).toEqual(momentsOf(begun, count));
    }),
    { numRuns: 200 },
  );
});
