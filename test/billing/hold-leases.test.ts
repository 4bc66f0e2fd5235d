import { expect, test } from '@jest/globals';
import { Credits } from '../../generated/documents.js';
import { holdCredits, renewHold, settleHold } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { minuteMs } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import { harness } from '../support/harness.js';

const world = harness({ lastingTokens: true, worker: false });

test('what is held for work that nobody looks after any more returns, and what was renewed stays held', async () => {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  const until = () => new Date(world.clock.now().getTime() + minuteMs);
  const hold = async (key: string) => {
    const request = { amount: 1, key, reason: 'test', leaseUntil: until() };
    return (await transaction(ctx, (tx) => holdCredits(tx, request))).holdId;
  };
  const [left, renewed, unleased] = [
    await hold('left'),
    await hold('renewed'),
    (await transaction(ctx, (tx) => holdCredits(tx, { amount: 1, key: 'unleased', reason: 'test' }))).holdId,
  ];
  const held = async () => (await ada.ok(Credits, {})).credits.held;
  await world.runJobs('billing.sweep-holds');
  expect(await held()).toBe(3);
  world.clock.advance(minuteMs - 1_000);
  expect(await transaction(ctx, (tx) => renewHold(tx, renewed, until()))).toBe(true);
  world.clock.advance(2_000);
  await Promise.all([1, 2].map(() => world.runJobs('billing.sweep-holds')));
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ held: 2, total: 3 });
  expect(await transaction(ctx, (tx) => renewHold(tx, left, until()))).toBe(false);
  for (const id of [renewed, unleased]) await transaction(ctx, (tx) => settleHold(tx, id, 1));
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ held: 0, total: 3 });
});
