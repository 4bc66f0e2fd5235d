import { expect, test } from '@jest/globals';
import { harness } from '../support/harness.js';
import { simulateYear } from '../support/simulated-year.js';
import {
  expectLedgersToAddUp,
  expectNobodyChargedTwice,
  expectNobodyProUnpaid,
  expectSameBooks,
  logOf,
} from '../support/year-checks.js';

const world = harness({ worker: false, lastingTokens: true });

/** A year is some ten thousand requests, each of several statements: on a busy machine that takes minutes. */
const patienceMs = 600_000;
const seed = 2027;

test(
  'in a year of 200 people, whatever goes wrong, nobody is charged twice or is on Pro unpaid, and all books add up',
  async () => {
    const { kills, silences } = await simulateYear(world, 200, seed);
    await expectNobodyChargedTwice(world);
    await expectSameBooks(world);
    await expectNobodyProUnpaid(world);
    await expectLedgersToAddUp(world);
    expect({ kills: kills > 30, silences: silences > 30 }).toEqual({ kills: true, silences: true });
  },
  patienceMs,
);

test(
  'the same year happens twice, to the same events',
  async () => {
    const again = await world.another({});
    const [year, same] = [await simulateYear(world, 25, seed), await simulateYear(again, 25, seed)];
    expect(await logOf(again, same.accounts)).toEqual(await logOf(world, year.accounts));
  },
  patienceMs,
);
