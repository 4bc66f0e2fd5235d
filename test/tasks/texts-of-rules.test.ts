import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../src/kernel/errors.js';
import {
  occurrencesFrom,
  parseRecurrence,
  type Recurrence,
  ruleText,
  startAtFirstOccurrence,
} from '../../src/tasks/recurrence/index.js';

const start = new Date('2026-11-21T17:57:00Z');
const textOf = (rule: string, timeZone = 'UTC') => ruleText(parseRecurrence({ rule, timeZone }, start));

test.each([
  // Numbered weekdays of which BYSETPOS takes some.
  ['FREQ=MONTHLY;BYDAY=2MO,3FR;BYSETPOS=2', 'every month on the second Monday and the third Friday (only the second)'],
  ['FREQ=YEARLY;BYDAY=20MO;BYSETPOS=1', 'every year on the 20th Monday of the year (only the first)'],
  ['FREQ=MONTHLY;BYDAY=-1MO,-1FR;BYSETPOS=1', 'every month on the last Monday and the last Friday (only the first)'],
  [
    'FREQ=MONTHLY;BYDAY=TU,-1SA,WE,-1SU;BYSETPOS=-2',
    'every month on the last Saturday, the last Sunday and every Tuesday and Wednesday (only the second to last)',
  ],
  [
    'FREQ=YEARLY;BYDAY=TH,20MO,48TU;BYSETPOS=2;INTERVAL=3',
    'every 3 years on the 20th Monday of the year, the 48th Tuesday of the year and every Thursday (only the second)',
  ],
  [
    'FREQ=MONTHLY;BYMONTH=2;BYDAY=2MO,3FR;BYSETPOS=-1',
    'every month on the second Monday and the third Friday in February (only the last)',
  ],
  // An end that cuts its day is named by its time.
  ['FREQ=DAILY;UNTIL=20341103T170000Z', 'every day, until 3 November 2034 at 17:00'],
  ['FREQ=DAILY;UNTIL=20341103T175659Z', 'every day, until 3 November 2034 at 17:56:59'],
  ['FREQ=DAILY;UNTIL=20341103T175700Z', 'every day, until 3 November 2034'],
  ['FREQ=DAILY;UNTIL=20341103', 'every day, until 3 November 2034'],
  ['FREQ=DAILY;BYHOUR=8,20;UNTIL=20341103T100000Z', 'every day at 08:57 and 20:57, until 3 November 2034 at 10:00'],
  // Seconds.
  ['FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=30', 'every day at 09:00:30'],
  ['FREQ=DAILY;BYSECOND=0,30', 'every day at 17:57:00 and 17:57:30'],
  ['FREQ=DAILY;BYSECOND=0', 'every day at 17:57'],
  // Where weeks begin, when it decides.
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU', 'every 2 weeks on Monday and Sunday (weeks begin on Sunday)'],
  [
    'FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1;WKST=SU',
    'every week on Monday and Sunday (only the first) (weeks begin on Sunday)',
  ],
  ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;WKST=SU', 'every year on Monday in week 1 (weeks begin on Sunday)'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO', 'every 2 weeks on Monday and Sunday'],
  ['FREQ=WEEKLY;BYDAY=MO,SU;WKST=SU', 'every week on Monday and Sunday'],
  ['FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1;WKST=SU', 'every week on Monday and Friday (only the first)'],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', 'every 2 weeks'],
  ['FREQ=MONTHLY;BYDAY=1MO;WKST=SU', 'every month on the first Monday'],
  // Lists are read in the calendar's order.
  ['FREQ=DAILY;BYHOUR=3,1,0;BYMINUTE=30,0', 'every day at 00:00, 00:30, 01:00, 01:30, 03:00 and 03:30'],
  [
    'FREQ=YEARLY;BYMONTH=7,1;BYMONTHDAY=-1,15,1',
    'every year on the first, the 15th and the last day in January and July',
  ],
  ['FREQ=MONTHLY;BYDAY=-1FR,3MO,1WE', 'every month on the first Wednesday, the third Monday and the last Friday'],
  [
    'FREQ=YEARLY;BYYEARDAY=-1,200,100',
    'every year on the 100th day of the year, the 200th day of the year and the last day of the year',
  ],
  ['FREQ=YEARLY;BYWEEKNO=20,-1,3;BYDAY=MO', 'every year on Monday in week 3, week 20 and the last week'],
  ['FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1,2,1', 'every month on Monday and Tuesday (only the first, second and last)'],
])('%s reads "%s"', (rule, text) => {
  expect(textOf(rule)).toBe(text);
});

test('an end is named by the time of its zone', () => {
  const text = textOf('FREQ=DAILY;UNTIL=20341103T160000Z', 'America/New_York');
  expect(text).toBe('every day, until 3 November 2034 at 12:00');
});

const some = <T>(each: fc.Arbitrary<T>, maxLength = 3) =>
  fc.uniqueArray(each, { minLength: 1, maxLength }).map((list) => list.join());
const signed = (largest: number) => fc.integer({ min: -largest, max: largest }).filter((number) => number !== 0);
/** Few, so that two rules often name the same. */
const weekday = fc.constantFrom('MO', 'WE', 'SU');
const numberedWeekday = fc
  .tuple(fc.constantFrom('', '1', '2', '3', '-1'), weekday)
  .map(([number, day]) => `${number}${day}`);
const until = fc
  .tuple(fc.integer({ min: 23, max: 24 }), fc.constantFrom('T090000Z', 'T165700Z', 'T165730Z', 'T235959Z', ''))
  .map(([day, time]) => `202611${day}${time}`);

/** The parts that a rule can have. */
const parts = {
  FREQ: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
  INTERVAL: fc.constantFrom('1', '2', '3'),
  COUNT: fc.constantFrom('2', '5'),
  UNTIL: until,
  WKST: fc.constantFrom('MO', 'SU', 'WE'),
  BYMONTH: some(fc.integer({ min: 1, max: 12 })),
  BYWEEKNO: some(signed(53)),
  BYYEARDAY: some(signed(366)),
  BYMONTHDAY: some(signed(31)),
  BYDAY: fc.oneof(some(weekday), some(numberedWeekday)),
  BYHOUR: some(fc.integer({ min: 0, max: 23 })),
  BYMINUTE: some(fc.integer({ min: 0, max: 59 }), 2),
  BYSECOND: some(fc.constantFrom(0, 15, 59), 2),
  BYSETPOS: some(signed(3), 2),
};
type Part = keyof typeof parts;
const timeParts = ['BYHOUR', 'BYMINUTE', 'BYSECOND', 'COUNT', 'UNTIL'] as const;
const monthParts = ['INTERVAL', 'BYMONTH', 'BYDAY', 'BYSETPOS', 'BYMONTHDAY'] as const;
/** What goes with each frequency: of the rest nearly all is refused. */
const partsOf: Readonly<Record<string, readonly Part[]>> = {
  DAILY: ['INTERVAL', 'BYMONTH', 'BYDAY', 'BYMONTHDAY', ...timeParts],
  WEEKLY: ['INTERVAL', 'WKST', 'BYDAY', 'BYSETPOS', 'BYMONTH', ...timeParts],
  MONTHLY: [...monthParts, ...timeParts],
  YEARLY: [...monthParts, 'WKST', 'BYWEEKNO', 'BYYEARDAY', ...timeParts],
};

/** Two rules that differ in one part, which one of them may lack. */
const pair = parts.FREQ.chain((frequency) =>
  fc
    .tuple(fc.record(parts), fc.subarray([...(partsOf[frequency] ?? [])], { minLength: 1, maxLength: 5 }))
    .chain(([all, kept]) => {
      const one = new Map<Part, string>([['FREQ', frequency], ...kept.map((name) => [name, all[name]] as const)]);
      const change = (name: Part) =>
        fc.option(parts[name]).map((value) => {
          const other = new Map(one);
          if (value === null && name !== 'FREQ') other.delete(name);
          else if (value !== null) other.set(name, value);
          return [one, other] as const;
        });
      return fc.constantFrom<Part>('FREQ', ...kept, ...kept.filter((name) => name === 'BYDAY')).chain(change);
    }),
);

const spelled = (rule: ReadonlyMap<Part, string>) => [...rule].map(([name, value]) => `${name}=${value}`).join(';');

function accepted(rule: string): Recurrence | null {
  try {
    return parseRecurrence({ rule, timeZone: 'Europe/Berlin' }, start);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

test('two rules that differ in one part and in their first dates have not the same text', () => {
  let pairs = 0;
  const datesOf = (recurrence: Recurrence) => occurrencesFrom(recurrence, start, 12).map(({ at }) => at.toISOString());
  const check = (one: Recurrence, other: Recurrence) => {
    if (ruleText(one) === ruleText(other)) expect(datesOf(one)).toEqual(datesOf(other));
  };
  fc.assert(
    fc.property(pair, ([left, right]) => {
      const [one, other] = [accepted(spelled(left)), accepted(spelled(right))];
      if (!one || !other) return;
      pairs += 1;
      // As a due date begins it, and as a preview does.
      check(one, other);
      check(startAtFirstOccurrence(one), startAtFirstOccurrence(other));
    }),
    { numRuns: 4_000 },
  );
  expect(pairs).toBeGreaterThan(1_000);
});
