import { expect, test } from '@jest/globals';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditHistory, Credits } from '../../generated/documents.js';
import { adjustCredits, holdCredits, renewSubscriptionCredits, settleHold } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';

const world = harness({ lastingTokens: true, worker: false });

async function account() {
  const ada = await world.user();
  const ctx = asAccount(await world.jobContext(), ada.id);
  return {
    ada,
    renew: (period: string) => transaction(ctx, (tx) => renewSubscriptionCredits(tx, period)),
    hold: (amount: number, key: string) => transaction(ctx, (tx) => holdCredits(tx, { amount, key, reason: 'test' })),
    settle: (holdId: string, credits: number) => transaction(ctx, (tx) => settleHold(tx, holdId, credits)),
    adjust: (amount: number, key: string) =>
      adjustCredits(ctx, { bucket: CreditBucketName.SUBSCRIPTION, amount, reason: 'test', key }),
    subscription: async () => (await ada.ok(Credits, {})).credits.subscription,
    kinds: async (count: number) =>
      nodesOf((await ada.ok(CreditHistory, { first: count })).creditHistory)
        .toReversed()
        .map(({ kind, amount }) => `${kind} ${amount}`),
  };
}

test('a paid period grants 100 credits once, and takes over 50 of the last one at most', async () => {
  const { renew, adjust, subscription, kinds } = await account();
  await renew('2027-03');
  await renew('2027-03');
  expect(await subscription()).toBe(100);
  await renew('2027-04');
  expect(await subscription()).toBe(150);
  expect(await kinds(3)).toEqual(['EXPIRE -100', 'CARRY_OVER 50', 'GRANT 100']);
  await renew('2027-05');
  expect(await subscription()).toBe(150);
  await adjust(-120, 'spent');
  await renew('2027-06');
  expect(await subscription()).toBe(130);
  await adjust(-130, 'all');
  await renew('2027-07');
  expect(await subscription()).toBe(100);
  expect(await kinds(2)).toEqual(['ADJUST -130', 'GRANT 100']);
});

test.each([
  { spent: 60, held: 10, paid: 0, left: 140, case: 'all of it returns, and there is room to take it over' },
  { spent: 60, held: 10, paid: 4, left: 136, case: 'a part is paid' },
  { spent: 45, held: 10, paid: 0, left: 150, case: 'there is room for a part of what returns' },
  { spent: 0, held: 10, paid: 0, left: 150, case: 'there is no room' },
])('credits that were held over a renewal end as if they had returned before it: $case', async (given) => {
  const { renew, adjust, hold, settle, subscription, ada } = await account();
  await renew('2027-03');
  if (given.spent > 0) await adjust(-given.spent, 'spent');
  const { holdId } = await hold(given.held, 'x');
  world.clock.advance(dayMs);
  await renew('2027-04');
  await settle(holdId, given.paid);
  expect(await subscription()).toBe(given.left);
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ kickstart: 5, held: 0 });
});

test('a hold and a renewal of the same millisecond are told apart by their order', async () => {
  world.clock.stopAt(new Date('2027-03-01T00:00:00Z'));
  const { renew, hold, settle, subscription } = await account();
  await renew('2027-03');
  const before = await hold(60, 'before');
  await renew('2027-04');
  const behind = await hold(10, 'behind');
  await settle(before.holdId, 0);
  expect(await subscription()).toBe(140);
  await settle(behind.holdId, 0);
  expect(await subscription()).toBe(150);
});

test('what returns after more than one renewal is not taken over', async () => {
  const { renew, hold, settle, subscription, adjust } = await account();
  await renew('2027-03');
  await adjust(-80, 'spent');
  const { holdId } = await hold(10, 'long');
  await renew('2027-04');
  await adjust(-110, 'all');
  await renew('2027-05');
  await settle(holdId, 0);
  expect(await subscription()).toBe(100);
});
