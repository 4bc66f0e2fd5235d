import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { AppError } from '../../src/kernel/errors.js';
import { LoopTurns } from '../../src/platform/loop-turns.js';
import { StandingWait } from '../../src/platform/standing-wait.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

/** Turns whose time the test spends, and in which order those who waited, and take so long, were let in. */
function sharedTurns(costMs = 4) {
  let now = 0;
  const turns = new LoopTurns(new StandingWait(250, () => now), () => now);
  const [letIn, givenUp]: [string[], string[]] = [[], []];
  const enter = (key: string, name = key) => {
    const wait = turns.enter(key);
    if (wait)
      void wait.then(
        () => {
          letIn.push(name);
          spend(costMs);
        },
        () => givenUp.push(name),
      );
    return wait === null;
  };
  const spend = (ms: number) => {
    now += ms;
  };
  return { enter, spend, letIn, givenUp };
}

test('as long as a turn has time nobody waits, and the next turn has time again', async () => {
  const { enter, spend } = sharedTurns();
  expect([enter('a'), enter('a'), enter('b')]).toEqual([true, true, true]);
  spend(3);
  expect(enter('b')).toBe(true);
  await nextTurn();
  spend(3);
  expect(enter('a')).toBe(true);
});

test('those who come when a turn is used up are let in by the next ones, and keys take turns', async () => {
  const { enter, spend, letIn } = sharedTurns();
  enter('a');
  spend(4);
  for (const name of ['a1', 'a2', 'a3']) expect(enter('a', name)).toBe(false);
  expect(enter('b')).toBe(false);
  expect(letIn).toEqual([]);
  await nextTurn();
  expect(letIn).toEqual(['a1']);
  // Whoever comes meanwhile does not overtake, though the turn is a new one.
  expect(enter('c')).toBe(false);
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(letIn).toEqual(['a1', 'b', 'a2', 'c', 'a3']);
  expect(enter('d')).toBe(true);
});

test('a turn lets in as many as it has time for', async () => {
  const { enter, spend, letIn } = sharedTurns(1);
  enter('a');
  spend(4);
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) enter('a', name);
  await nextTurn();
  expect(letIn).toEqual(['a1', 'a2', 'a3', 'a4']);
  await nextTurn();
  expect(letIn).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
});

test('too many of one key are refused, and the others are not', async () => {
  const { enter, spend, letIn } = sharedTurns();
  enter('a');
  spend(4);
  for (let count = 0; count < 100; count += 1) enter('a');
  expect(() => enter('a')).toThrow(new AppError('RATE_LIMITED', 'At most 100 requests at once. Try again later.'));
  expect(enter('b')).toBe(false);
  while (letIn.length < 101) await nextTurn();
  expect(letIn.slice(0, 3)).toEqual(['a', 'b', 'a']);
});

test('when too many wait in all, whoever has most of them gives up the newest, and whoever has none comes in', async () => {
  const { enter, spend, letIn, givenUp } = sharedTurns(1);
  enter('x');
  spend(4);
  for (let key = 0; key < 20; key += 1)
    for (let count = 0; count < (key === 7 ? 100 : 99); count += 1) enter(`key ${key}`, `${key} ${count}`);
  for (let count = 0; count < 19; count += 1) enter(`single ${count}`);
  await Promise.resolve();
  expect(givenUp).toEqual([]);
  enter('honest');
  enter('honest');
  while (letIn.length < 2_000) await nextTurn();
  expect(givenUp).toEqual(['7 99', '0 98']);
  expect(letIn.slice(0, 40)).toContain('honest');
  expect(new Set(letIn).size).toBe(1_999);
});

test('a flood of documents that are new is answered, each as if it were alone, and so are messages in their order', async () => {
  const ada = await world.user();
  const fields = (name: string) => Array.from({ length: 50 }, (_, index) => `${name}${index}: __typename`).join(' ');
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => (await ada.send(`{ ${fields(`q${index}x`)} }`)).body.data),
  );
  expect(answers.map((data) => Object.keys(data ?? {})[0])).toEqual(answers.map((_, index) => `q${index}x0`));
  const told = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const { value } = await ada.socket.iterate({ query: `{ ${fields(`s${index}x`)} }` }).next();
      return Object.keys(value?.data ?? {})[0];
    }),
  );
  expect(told).toEqual(told.map((_, index) => `s${index}x0`));
});
