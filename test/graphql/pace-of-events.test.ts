import { expect, test } from '@jest/globals';
import { EventPace } from '../../src/platform/graphql/event-pace.js';

/** Events that count 100 objects each, where 1,000 objects a second are the rule: 10 events. */
function begin() {
  let now = 3_600_000;
  const pace = new EventPace(1_000, () => now);
  return {
    pace,
    advance: (ms: number) => {
      now += ms;
    },
    /** How many events so many readers get in so many seconds, each asking for the next one as soon as it has one. */
    follow: (seconds: number, readers = 1) => {
      const end = now + seconds * 1_000;
      const comesAt = Array.from({ length: readers }, () => now + pace.take('ada', 80 / 3));
      let count = 0;
      for (;;) {
        const next = Math.min(...comesAt);
        if (next >= end) break;
        now = next;
        count += 1;
        comesAt[comesAt.indexOf(next)] = now + pace.take('ada', 80 / 3);
      }
      now = end;
      return count;
    },
  };
}

test('what was missed comes three times as fast as it goes on in the long run', () => {
  const { follow } = begin();
  expect(follow(10)).toBeGreaterThanOrEqual(300);
  expect(follow(1)).toBeLessThanOrEqual(31);
  expect(follow(60)).toBeLessThan(600 + 300);
  expect(follow(60)).toBeGreaterThanOrEqual(598);
});

test('many subscriptions of an account get as much as one', () => {
  expect(begin().follow(60, 480)).toBeLessThanOrEqual(begin().follow(60) + 1);
});

test('whoever was away for half a minute may have as much at once again, and never more', () => {
  const { follow, advance } = begin();
  const first = follow(60);
  advance(30_000);
  expect(follow(60)).toBe(first);
  advance(3_600_000);
  expect(follow(60)).toBe(first);
});

test('nobody waits for others, and the first events come at once', () => {
  const { pace, follow } = begin();
  follow(60, 100);
  expect([1, 2, 3, 4].map(() => pace.take('bob', 80 / 3))).toEqual([0, 0, 0, 0]);
  expect(pace.take('bob', 80 / 3)).toBeGreaterThan(0);
});
