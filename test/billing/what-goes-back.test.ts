import { expect, test } from '@jest/globals';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { BuyCredits, CancelSubscription, Credits } from '../../generated/documents.js';
import { adjustCredits, endPro, givePro } from '../../src/billing/index.js';
import { dayMs, minuteMs } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import { harness } from '../support/harness.js';
import { type Payer, payer } from '../support/payers.js';

const world = harness({ worker: false, lastingTokens: true });

const later = (ms: number) => world.clock.goTo(new Date(world.clock.now().getTime() + ms));
const creditsOf = async ({ person }: Payer) => (await person.ok(Credits, {})).credits;

async function spend(ada: Payer, amount: number): Promise<void> {
  const settle = await ada.hold(amount);
  await settle(amount);
}

/** Pro that ends with its first month. */
async function onceOnPro(ada: Payer): Promise<string> {
  const reference = await ada.becomePro();
  await ada.person.ok(CancelSubscription, {});
  later(32 * dayMs);
  await ada.renew();
  expect(await ada.state()).toBe('EXPIRED');
  return reference;
}

test('of a month of before that goes back what it left is taken, and Pro stays', async () => {
  const ada = await payer(world);
  const first = await onceOnPro(ada);
  await ada.dispute(first, 'received');
  expect((await creditsOf(ada)).subscription).toBe(0);
  await ada.becomePro();
  expect((await creditsOf(ada)).subscription).toBe(100);
  await ada.dispute(first, 'won');
  // As many as would have been carried over.
  expect((await creditsOf(ada)).subscription).toBe(150);
  const bob = await payer(world, 'Bob');
  const his = await onceOnPro(bob);
  await bob.becomePro();
  expect((await creditsOf(bob)).subscription).toBe(150);
  await bob.refund(his);
  expect(await bob.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'ACTIVE' } });
  expect((await creditsOf(bob)).subscription).toBe(100);
});

test.each([
  ['in the same month all of it', false, 150],
  ['a month later as much as would have been carried over', true, 150],
])(
  'what a month left and was carried over goes with its money, and when that comes back, %s',
  async (_, isLater, left) => {
    const ada = await payer(world);
    const first = await ada.becomePro();
    const subscriptionOf = async () => (await creditsOf(ada)).subscription;
    await ada.nextMonth();
    expect(await subscriptionOf()).toBe(150);
    await ada.dispute(first, 'received');
    expect(await subscriptionOf()).toBe(100);
    if (isLater) {
      await spend(ada, (await creditsOf(ada)).daily + 80);
      await ada.nextMonth();
      expect(await subscriptionOf()).toBe(120);
    }
    await ada.dispute(first, 'won');
    expect(await subscriptionOf()).toBe(left);
  },
);

test.each([
  ['before', 'first'],
  ['before', 'last'],
  ['after', 'first'],
  ['after', 'last'],
])(
  'of a month that went back %s the next one, held credits that come back %s take no room from another',
  async (when, place) => {
    const ada = await payer(world);
    const first = await ada.becomePro();
    const nextMonth = async () => {
      await ada.nextMonth();
      await spend(ada, (await creditsOf(ada)).daily);
    };
    await nextMonth();
    const settles = [await ada.hold(50), await ada.hold(100)];
    if (when === 'before') await ada.refund(first);
    await nextMonth();
    if (when === 'after') await ada.refund(first);
    for (const settle of place === 'first' ? settles : settles.toReversed()) await settle(0);
    expect((await creditsOf(ada)).subscription).toBe(150);
  },
);

test('a month whose dispute is won finds the room that another has left, which went back', async () => {
  const ada = await payer(world);
  const first = await ada.becomePro();
  const second = await ada.nextMonth();
  await ada.dispute(second, 'received');
  await ada.becomePro();
  expect((await creditsOf(ada)).subscription).toBe(150);
  await ada.refund(first);
  expect((await creditsOf(ada)).subscription).toBe(100);
  await ada.dispute(second, 'won');
  expect((await creditsOf(ada)).subscription).toBe(150);
});

test('what was taken over and went back leaves its room to what an operator gave, and finds it full when it comes back', async () => {
  const ada = await payer(world);
  const first = await ada.becomePro();
  await spend(ada, (await creditsOf(ada)).daily + 60);
  const gift = { bucket: CreditBucketName.SUBSCRIPTION, amount: 50, reason: 'test', key: 'operator:gift' };
  const [ofMonth, ofGift] = [await ada.hold(40), await giftHeld()];
  async function giftHeld() {
    await transaction(await ada.context(), (tx) => adjustCredits(tx, gift));
    return ada.hold(50);
  }
  await ada.nextMonth();
  await ofMonth(0);
  await ada.dispute(first, 'received');
  expect((await creditsOf(ada)).subscription).toBe(100);
  await ofGift(0);
  expect((await creditsOf(ada)).subscription).toBe(150);
  await ada.dispute(first, 'won');
  expect((await creditsOf(ada)).subscription).toBe(150);
});

test('what is spent while credits are held whose money went back was paid by others', async () => {
  const ada = await payer(world);
  const first = await ada.buy();
  const settle = await ada.hold(20);
  await ada.refund(first);
  await ada.buy();
  await spend(ada, 20);
  expect(await creditsOf(ada)).toMatchObject({ purchased: 0, kickstart: 5, held: 20 });
  await settle(0);
  expect(await creditsOf(ada)).toMatchObject({ purchased: 0, kickstart: 5, held: 0 });
});

test('the next month pays for what is spent while credits of the last one are held, whose money went back', async () => {
  const ada = await payer(world);
  const reference = await ada.becomePro();
  const settle = await ada.hold(40);
  await ada.refund(reference);
  expect((await creditsOf(ada)).subscription).toBe(0);
  await ada.becomePro();
  await spend(ada, (await creditsOf(ada)).daily + 40);
  expect((await creditsOf(ada)).subscription).toBe(60);
  await settle(0);
  expect((await creditsOf(ada)).subscription).toBe(60);
});

test('what was taken of a month and of what it held comes back as far as the next month has room', async () => {
  const ada = await payer(world);
  const reference = await ada.becomePro();
  const settle = await ada.hold(42);
  await ada.dispute(reference, 'received');
  await ada.becomePro();
  await settle(0);
  expect((await creditsOf(ada)).subscription).toBe(100);
  await ada.dispute(reference, 'won');
  expect((await creditsOf(ada)).subscription).toBe(150);
});

test('what comes back of a pack is its own still, whatever was spent meanwhile', async () => {
  const ada = await payer(world);
  const first = await ada.buy('credits_45');
  const second = await ada.buy('credits_45');
  const dispute = async (reference: string, outcome: 'received' | 'won') => {
    await ada.dispute(reference, outcome);
    return (await creditsOf(ada)).purchased;
  };
  expect(await dispute(first, 'received')).toBe(45);
  await spend(ada, 5);
  expect(await dispute(second, 'received')).toBe(0);
  expect(await dispute(first, 'won')).toBe(45);
  await ada.refund(first);
  expect((await creditsOf(ada)).purchased).toBe(0);
});

test('of two months that go back, the later one first, nothing is left', async () => {
  const ada = await payer(world);
  const first = await ada.becomePro();
  const second = await ada.nextMonth();
  expect((await creditsOf(ada)).subscription).toBe(150);
  for (const reference of [second, first]) {
    await ada.refund(reference);
  }
  expect((await creditsOf(ada)).subscription).toBe(0);
});

test('Pro that a dispute has ended goes on when it is won, for as long as it was paid, and ends then if it was cancelled', async () => {
  const ada = await payer(world);
  const reference = await ada.becomePro();
  await ada.person.ok(CancelSubscription, {});
  const { subscription } = await ada.billing();
  await ada.dispute(reference, 'received');
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
  await ada.dispute(reference, 'won');
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { ...subscription } });
  expect((await creditsOf(ada)).subscription).toBe(100);
});

test('credits that were held when their money went back are taken as soon as they are there again', async () => {
  const ada = await payer(world);
  const reference = await ada.buy();
  const settle = await ada.hold(22);
  await ada.refund(reference);
  expect(await creditsOf(ada)).toMatchObject({ purchased: 0, kickstart: 3, held: 22 });
  await settle(0);
  expect(await creditsOf(ada)).toMatchObject({ purchased: 0, kickstart: 5, held: 0 });
});

test('what an operator gave is not taken for a pack that was spent', async () => {
  const ada = await payer(world);
  const reference = await ada.buy();
  const ctx = await ada.context();
  await spend(ada, 25);
  const gift = { bucket: CreditBucketName.PURCHASED, amount: 20, reason: 'test', key: 'operator:gift' };
  await transaction(ctx, (tx) => adjustCredits(tx, gift));
  await ada.refund(reference);
  expect((await creditsOf(ada)).purchased).toBe(20);
});

test('what an operator gives is not shortened by a charge that was out, nor ended by a month that goes back', async () => {
  const ada = await payer(world);
  const reference = await ada.becomePro();
  world.checkout.control({ authorizeOnly: true });
  await ada.nextMonth();
  const until = new Date(world.clock.now().getTime() + 60 * dayMs);
  await transaction(await ada.context(), (tx) => givePro(tx, until));
  const charge = world.checkout.books().at(-1);
  world.checkout.pay({ reference: charge?.reference ?? '' });
  await ada.told();
  expect((await ada.billing()).subscription).toMatchObject({ state: 'CANCELLED', periodEnd: until.toISOString() });
  later(2 * 60_000);
  await world.runJobs('billing.look-at-payments');
  await ada.told();
  expect(world.checkout.books().at(-1)).toMatchObject({ capturedCents: 500, refundedCents: 500 });
  await ada.refund(reference);
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'CANCELLED' } });
});

test('an operator can give Pro to whoever is past due, and a card that is refused for good stays so', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  world.checkout.control({ decline: { code: '30041', recommendationCode: '03' } });
  await ada.nextMonth();
  expect(await ada.state()).toBe('PAST_DUE');
  const until = new Date(world.clock.now().getTime() + 60 * dayMs);
  await transaction(await ada.context(), (tx) => givePro(tx, until));
  expect((await ada.billing()).subscription).toMatchObject({
    state: 'CANCELLED',
    needsNewCard: true,
    failedPayments: 0,
  });
  // Those of a month, as anybody gets who is given Pro.
  expect((await creditsOf(ada)).subscription).toBe(150);
});

test('of two packs that go back with spending between them each gives back what is left of its own', async () => {
  const ada = await payer(world);
  const first = await ada.buy();
  later(1000);
  const second = await ada.buy();
  await spend(ada, 15);
  expect(await creditsOf(ada)).toMatchObject({ purchased: 25, kickstart: 5 });
  await ada.refund(second);
  expect((await creditsOf(ada)).purchased).toBe(5);
  await spend(ada, 4);
  await ada.refund(first);
  expect((await creditsOf(ada)).purchased).toBe(0);
  const bob = await payer(world, 'Bob');
  const his = await bob.buy();
  await spend(bob, 25);
  later(1000);
  await bob.buy();
  await bob.refund(his);
  expect((await creditsOf(bob)).purchased).toBe(20);
});

test('a refund of the first of two payments on one page is noted, though the second went back as well', async () => {
  const ada = await payer(world);
  const reference = await ada.buy();
  world.checkout.pay({ reference, again: true });
  await ada.told();
  later(dayMs + 60_000);
  await world.runJobs('billing.look-at-payments');
  await ada.told();
  expect((await creditsOf(ada)).purchased).toBe(20);
  expect(world.checkout.books().map(({ refundedCents }) => refundedCents)).toEqual([0, 500]);
  await ada.refund(reference);
  expect((await creditsOf(ada)).purchased).toBe(0);
});

test('Pro that an operator has ended stays so when a dispute about its month is won', async () => {
  const ada = await payer(world);
  const reference = await ada.becomePro();
  await ada.dispute(reference, 'received');
  await ada.becomePro();
  await transaction(await ada.context(), (tx) => endPro(tx));
  await ada.dispute(reference, 'won');
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
});

test('a card that is changed while the provider still tries the old one is charged instead of it', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  const retrySchedule = { afterMs: 20 * dayMs, attempts: 1, outcome: 'captured' } as const;
  world.checkout.control({ retrySchedule, times: 1 });
  await ada.nextMonth();
  await ada.pay(await ada.startCard(), { card: { number: '5555555555554444' } });
  await ada.renew();
  later(6 * 60_000);
  await ada.renew();
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'ACTIVE' } });
  const months = world.checkout.books().filter(({ capturedCents }) => capturedCents === 500);
  expect(months).toHaveLength(2);
});

/** A renewal that a bank holds until its subscription is over, unpaid; answers its reference. */
async function heldUntilOver(ada: Payer): Promise<string> {
  await ada.becomePro();
  world.checkout.control({ authorizeOnly: true });
  await ada.nextMonth();
  const held = world.checkout.books().at(-1)?.reference ?? '';
  world.checkout.control({ reset: true, hold: true });
  for (let day = 0; day < 8; day += 1) {
    later(dayMs);
    await ada.renew();
  }
  expect(await ada.state()).toBe('EXPIRED');
  return held;
}

test.each(['its payer', 'an operator'])(
  'what is taken late for a month of before brings no Pro back that %s has ended since',
  async (who) => {
    const ada = await payer(world);
    const held = await heldUntilOver(ada);
    await ada.becomePro();
    if (who === 'an operator') await transaction(await ada.context(), (tx) => endPro(tx));
    else {
      await ada.person.ok(CancelSubscription, {});
      later(32 * dayMs);
      await ada.renew();
    }
    expect(await ada.state()).toBe('EXPIRED');
    await ada.pay(held);
    expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
    later(minuteMs);
    await world.runJobs('billing.look-at-payments');
    expect(world.checkout.books().find(({ reference }) => reference === held)?.refundedCents).toBe(500);
  },
);

test('what is taken late brings Pro back where nobody has ended it', async () => {
  const ada = await payer(world);
  await ada.pay(await heldUntilOver(ada));
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'ACTIVE' } });
});

test('money that a bank holds counts as bought until it is decided, however long its page is closed', async () => {
  const ada = await payer(world);
  const held = await ada.startBuying('credits_100');
  await ada.pay(held, { outcome: 'authorized' });
  later(40 * minuteMs);
  await world.runJobs('billing.look-at-payments');
  for (let bought = 0; bought < 4; bought += 1) await ada.buy('credits_100');
  await ada.person.refused(BuyCredits, { input: { packId: 'credits_100' } }, 'PURCHASE_LIMIT_EXCEEDED');
  await ada.pay(held);
  expect((await creditsOf(ada)).purchased).toBe(500);
});
