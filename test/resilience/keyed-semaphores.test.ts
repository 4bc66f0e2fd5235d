import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Busy, KeyedSemaphore } from '../../src/platform/keyed-semaphore.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const never = async () => 'never';
/** A turn that lasts until the test ends it. */
function lasting() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, end: resolve, fail: reject };
}
/** What became of a wait so far. */
function watched(wait: Promise<string>) {
  const seen = { outcome: 'waiting' };
  wait.then(
    (result) => Object.assign(seen, { outcome: result }),
    (error: unknown) => Object.assign(seen, { outcome: error instanceof Busy ? 'refused' : 'failed' }),
  );
  return seen;
}

test('whoever waits too long for a turn, or behind too many, is refused and forgotten', async () => {
  const semaphore = new KeyedSemaphore({ atOnce: 1, maxWaiting: 2 });
  const first = lasting();
  const running = semaphore.run('a', { idleMs: 0 }, first.work);
  const late = watched(semaphore.run('a', { idleMs: 1_000 }, never));
  const next = semaphore.run('a', { idleMs: 60_000 }, async () => 'next');
  await expect(semaphore.run('a', { idleMs: 60_000 }, never)).rejects.toThrow(Busy);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(late.outcome).toBe('refused');
  const last = semaphore.run('a', { idleMs: 60_000 }, async () => 'last');
  expect(semaphore.tryRun('a', never)).toBeNull();
  expect(await semaphore.run('b', { idleMs: 0 }, async () => 'other')).toBe('other');
  first.end('first');
  expect(await Promise.all([running, next, last])).toEqual(['first', 'next', 'last']);
});

test('who waits behind many whose turns end one after another is served, however long that takes', async () => {
  const semaphore = new KeyedSemaphore({ atOnce: 1, maxWaiting: 10 });
  const before = Array.from({ length: 4 }, lasting);
  const turnsBefore = before.map(({ work }) => semaphore.run('a', { idleMs: 60_000 }, work));
  const patient = watched(semaphore.run('a', { idleMs: 3_000, totalMs: 10_000 }, async () => 'served'));
  for (const { end } of before) {
    await jest.advanceTimersByTimeAsync(2_000);
    expect(patient.outcome).toBe('waiting');
    end('ended');
  }
  await Promise.all(turnsBefore);
  await jest.advanceTimersByTimeAsync(0);
  expect(patient.outcome).toBe('served');
});

test('who waits is refused a while after the last turn ended, and at the latest after the whole time', async () => {
  const semaphore = new KeyedSemaphore({ atOnce: 1, maxWaiting: 10 });
  const [first, second, third, fourth] = [lasting(), lasting(), lasting(), lasting()];
  for (const { work } of [first, second, third, fourth]) void semaphore.run('a', { idleMs: 60_000 }, work);
  const ofIdle = watched(semaphore.run('a', { idleMs: 3_000, totalMs: 10_000 }, never));
  const ofAll = watched(semaphore.run('a', { idleMs: 3_000, totalMs: 5_000 }, never));
  const ofOwn = watched(semaphore.run('a', { idleMs: 3_000 }, never));
  await jest.advanceTimersByTimeAsync(2_500);
  first.end('ended');
  await jest.advanceTimersByTimeAsync(600);
  expect([ofIdle, ofAll, ofOwn].map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'refused']);
  second.end('ended');
  await jest.advanceTimersByTimeAsync(2_000);
  expect([ofIdle.outcome, ofAll.outcome]).toEqual(['waiting', 'refused']);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(ofIdle.outcome).toBe('refused');
  third.end('ended');
  fourth.end('ended');
});

test('a turn that waited in vain is no progress: those behind it do not wait as long once more', async () => {
  const semaphore = new KeyedSemaphore({ atOnce: 1, maxWaiting: 10 });
  const patience = { idleMs: 3_000, totalMs: 10_000 };
  const deadlines: number[] = [];
  const first = lasting();
  const running = watched(
    semaphore.run('a', patience, (deadline) => {
      deadlines.push(deadline);
      return first.work();
    }),
  );
  const next = semaphore.run('a', patience, async (deadline) => {
    deadlines.push(deadline);
    return 'next';
  });
  await jest.advanceTimersByTimeAsync(2_999);
  first.fail(new Busy());
  expect(await next).toBe('next');
  expect(running.outcome).toBe('refused');
  expect(deadlines[1]).toBe(deadlines[0]);
});
