import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { LoopTurns } from '../../src/platform/loop-turns.js';
import { StandingWait } from '../../src/platform/standing-wait.js';

/** A queue whose time the test spends. */
function queue() {
  let now = 0;
  const waits = new StandingWait(100, () => now);
  const spend = (ms: number) => {
    now += ms;
  };
  /** Arrivals every 20 ms of which each waits `waitMs`, for so long. */
  const flow = (waitMs: number, forMs: number) => {
    const ends: (() => void)[] = [];
    const stood: boolean[] = [];
    for (let at = 0; at < forMs; at += 20) {
      ends.push(waits.begin());
      if (ends.length * 20 > waitMs) ends.shift()?.();
      stood.push(waits.stands);
      spend(20);
    }
    const end = () => {
      for (const each of ends.splice(0)) each();
    };
    return { stood, end };
  };
  return { waits, spend, flow };
}

test('a queue that is worked off soon does not stand, however many wait and for however long there is one', () => {
  const { waits, flow } = queue();
  expect(flow(80, 5_000).stood).not.toContain(true);
  expect(waits.stands).toBe(false);
});

test('a burst that nobody adds to stands only once its first one has waited for 0.5 s', () => {
  const { waits, spend } = queue();
  const ends = Array.from({ length: 300 }, () => waits.begin());
  spend(500);
  expect(waits.stands).toBe(false);
  spend(1);
  expect(waits.stands).toBe(true);
  for (const end of ends) end();
  expect(waits.stands).toBe(false);
});

test('one in which everybody waits long stands until somebody waits little again or nobody does', () => {
  const { waits, spend, flow } = queue();
  const { stood, end } = flow(300, 2_000);
  expect(stood[0]).toBe(false);
  expect(stood.at(-1)).toBe(true);
  spend(120);
  const last = waits.begin();
  end();
  expect(waits.stands).toBe(true);
  spend(40);
  last();
  expect(waits.stands).toBe(false);
});

test('one that stood a moment ago is found out sooner when it does so again, and later it is as any other', () => {
  const { waits, spend } = queue();
  const standsAfter = (ms: number) => {
    const end = waits.begin();
    spend(ms);
    const { stands } = waits;
    end();
    return stands;
  };
  expect([standsAfter(450), standsAfter(600), standsAfter(250)]).toEqual([false, true, true]);
  spend(5_000);
  expect(standsAfter(450)).toBe(false);
});

test('many requests of one key wait for each other, and the loop does not stand for that', async () => {
  let now = 0;
  const waits = new StandingWait(100, () => now);
  const turns = new LoopTurns(waits, () => now);
  const enter = (key: string) => {
    const work = () => {
      now += 20;
    };
    const turn = turns.enter(key);
    if (turn) void turn.then(work);
    else work();
  };
  enter('a');
  for (let count = 0; count < 60; count += 1) enter('a');
  while (now < 900) {
    await nextTurn();
    expect(waits.stands).toBe(false);
  }
  for (let key = 0; key < 60; key += 1) enter(`key ${key}`);
  while (now < 1_900) await nextTurn();
  expect(waits.stands).toBe(true);
});
