import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currentAt, dayBefore, needsHistory, noStreak, type Streak, withDay } from '../../src/achievements/streak.js';

const streakOf = (...days: string[]): Streak => days.reduce(withDay, noStreak);

test('the first day is a streak of one', () => {
  expect(streakOf('2026-11-21')).toEqual({ current: 1, longest: 1, lastDay: '2026-11-21' });
});

test('days in a row add up, over the ends of months, leap days and years', () => {
  expect(streakOf('2026-11-30', '2026-12-01').current).toBe(2);
  expect(streakOf('2028-02-28', '2028-02-29', '2028-03-01').current).toBe(3);
  expect(streakOf('2027-02-28', '2027-03-01').current).toBe(2);
  expect(streakOf('2026-12-31', '2027-01-01').current).toBe(2);
});

test('a day that counts already changes nothing', () => {
  const streak = streakOf('2026-11-20', '2026-11-21');
  expect(withDay(streak, '2026-11-21')).toBe(streak);
});

test('a day left out begins anew, and the longest stays', () => {
  expect(streakOf('2026-11-01', '2026-11-02', '2026-11-03', '2026-11-05')).toEqual({
    current: 1,
    longest: 3,
    lastDay: '2026-11-05',
  });
});

test('a streak holds until a whole day has passed', () => {
  const streak = streakOf('2026-11-20', '2026-11-21');
  expect(currentAt(streak, new Date('2026-11-21T23:59:59.999Z'))).toBe(2);
  expect(currentAt(streak, new Date('2026-11-22T23:59:59.999Z'))).toBe(2);
  expect(currentAt(streak, new Date('2026-11-23T00:00:00.000Z'))).toBe(0);
  expect(currentAt(noStreak, new Date('2026-11-23T00:00:00.000Z'))).toBe(0);
});

test('history is asked for a day out of order, and for one that continues what was ended', () => {
  const streak = streakOf('2026-11-20', '2026-11-21');
  const ended = { ...streak, current: 0 };
  expect(needsHistory(noStreak, '2026-11-21')).toBe(false);
  expect(needsHistory(streak, '2026-11-20')).toBe(true);
  expect(needsHistory(streak, '2026-11-21')).toBe(false);
  expect(needsHistory(streak, '2026-11-22')).toBe(false);
  expect(needsHistory(ended, '2026-11-22')).toBe(true);
  expect(needsHistory(ended, '2026-11-21')).toBe(false);
  expect(needsHistory(ended, '2026-11-23')).toBe(false);
});

test('the longest streak is the longest run of days, the current one the run that ends last', () => {
  const first = Date.parse('2026-01-01');
  const days = fc
    .uniqueArray(fc.nat(60), { minLength: 1 })
    .map((offsets) =>
      offsets.sort((a, b) => a - b).map((offset) => new Date(first + offset * 86_400_000).toISOString().slice(0, 10)),
    );
  const runTo = (all: ReadonlySet<string>, day: string): number => (all.has(day) ? 1 + runTo(all, dayBefore(day)) : 0);
  fc.assert(
    fc.property(days, (all) => {
      const set = new Set(all);
      const runs = all.map((day) => runTo(set, day));
      expect(streakOf(...all)).toEqual({ current: runs.at(-1), longest: Math.max(...runs), lastDay: all.at(-1) });
    }),
  );
});
