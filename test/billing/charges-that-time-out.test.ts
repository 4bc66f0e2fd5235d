import { expect, test } from '@jest/globals';
import { Credits, Payments } from '../../generated/documents.js';
import { lookAtPayments, processPaymentEvents, workSubscriptions } from '../../src/billing/index.js';
import { sampleCheckoutKey } from '../../src/config.js';
import type { Context } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { providerAt } from '../support/checkout.js';
import { harness } from '../support/harness.js';
import { dyingAt, type Question } from '../support/mortal-workers.js';
import { nodesOf } from '../support/pages.js';
import { type Payer, payer } from '../support/payers.js';

const world = harness({ worker: false, lastingTokens: true });

const [minuteMs, hourMs] = [60_000, 3_600_000];
const later = (ms: number) => world.clock.stopAt(new Date(world.clock.now().getTime() + ms));

/** Somebody on Pro, at the moment at which their renewal is due. */
async function dueForRenewal(): Promise<Payer> {
  const ada = await payer(world);
  later(0);
  await ada.becomePro();
  const { subscription } = await ada.billing();
  world.clock.stopAt(new Date(subscription?.periodEnd ?? 0));
  return ada;
}

/** A worker that waits for the provider no longer than a second. */
async function impatient(): Promise<Context> {
  const ctx = await world.jobContext();
  const own = { secretKey: sampleCheckoutKey, timeoutMs: 1_000, now: () => world.clock.now() };
  return { ...ctx, providers: { ...ctx.providers, payments: providerAt(world.checkout.url, own) } };
}

/** How often the provider was asked for something since the last reset. */
async function asked(kind: string): Promise<number> {
  const response = await fetch(`${world.checkout.url}/_control`);
  const { requests }: { requests: Record<string, number> } = JSON.parse(await response.text());
  return requests[kind] ?? 0;
}

/** The second month was paid once, and has brought what a month brings, once. */
async function expectRenewedOnce(ada: Payer): Promise<void> {
  expect(world.checkout.books().map(({ capturedCents }) => capturedCents)).toEqual([500, 500]);
  expect(world.checkout.books().map(({ refundedCents }) => refundedCents)).toEqual([0, 0]);
  const { tier, subscription } = await ada.billing();
  expect({ tier, state: subscription?.state }).toEqual({ tier: 'PRO', state: 'ACTIVE' });
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(150);
  const events = await world.sql<{ type: string }>('select type from activity.event where account_id = $1', [
    ada.person.id,
  ]);
  const happened = (type: string) => events.filter((event) => event.type === type).length;
  expect(['subscription.created', 'subscription.renewed', 'payment.successful'].map(happened)).toEqual([1, 1, 2]);
  const payments = nodesOf((await ada.person.ok(Payments, {})).billing.payments);
  expect(payments.map(({ state, isSurplus }) => ({ state, isSurplus }))).toEqual(
    Array(2).fill({ state: 'SUCCEEDED', isSurplus: false }),
  );
}

test('a charge that times out after the money was taken is found by its reference, and counted once', async () => {
  const ada = await dueForRenewal();
  world.checkout.control({ chargeThenHang: true, times: 1 });
  await workSubscriptions(await impatient());
  expect(world.checkout.books()).toHaveLength(2);
  expect((await ada.billing()).subscription?.periodEnd).toBe(world.clock.now().toISOString());
  later(minuteMs);
  await world.runJobs('billing.work-subscriptions');
  await expectRenewedOnce(ada);
  await ada.told();
  later(dayMs);
  for (const job of ['work-subscriptions', 'look-at-payments', 'process-payment-events'])
    await world.runJobs(`billing.${job}`);
  await expectRenewedOnce(ada);
});

test('a charge that times out is counted once when its event comes before anybody asks, and while somebody does', async () => {
  const ada = await dueForRenewal();
  world.checkout.control({ chargeThenHang: true, times: 1 });
  await workSubscriptions(await impatient());
  await world.checkout.deliver();
  later(minuteMs);
  const workers = [await world.jobContext(), await world.jobContext()];
  await Promise.all([
    ...workers.map(workSubscriptions),
    ...workers.map(processPaymentEvents),
    ...workers.map(lookAtPayments),
  ]);
  await expectRenewedOnce(ada);
  expect(await asked('charge')).toBe(1);
});

test.each([
  { death: 'before', case: 'between what it has noted and the charge' },
  { death: 'behind', case: 'between the charge and what it would note' },
] as const)('a worker that is killed $case is followed by another, which charges once', async ({ death }) => {
  const ada = await dueForRenewal();
  const worker = dyingAt(await world.jobContext(), 'charge', death);
  expect(await worker.run(workSubscriptions)).toBe(true);
  // As long as the dead one may be at it, nobody else charges.
  await world.runJobs('billing.work-subscriptions');
  expect(world.checkout.books()).toHaveLength(death === 'before' ? 1 : 2);
  later(5 * minuteMs);
  await ada.renew();
  await expectRenewedOnce(ada);
  expect(await asked('charge')).toBe(1);
});

test.each(['before', 'behind'] as const)(
  'a charge is made once although the next worker comes when the provider has forgotten its key (killed %s it)',
  async (death) => {
    const ada = await dueForRenewal();
    expect(await dyingAt(await world.jobContext(), 'charge', death).run(workSubscriptions)).toBe(true);
    later(dayMs + hourMs);
    await ada.renew();
    await expectRenewedOnce(ada);
    expect(await asked('charge')).toBe(1);
  },
);

test('nobody charges again as long as nobody can find out what has become of a charge', async () => {
  const ada = await dueForRenewal();
  const { periodEnd } = (await ada.billing()).subscription ?? {};
  world.checkout.control({ chargeThenHang: true, times: 1 });
  await workSubscriptions(await impatient());
  world.checkout.control({ request: 'list', status: 503 });
  for (let hours = 0; hours < 30; hours += 1) {
    later(hourMs);
    await world.runJobs('billing.work-subscriptions');
    await world.runJobs('billing.look-at-payments');
  }
  expect(world.checkout.books()).toHaveLength(2);
  expect(await asked('charge')).toBe(1);
  expect(await ada.state()).toBe('PAST_DUE');
  world.checkout.control({ reset: true, hold: true });
  later(hourMs);
  await world.runJobs('billing.work-subscriptions');
  await expectRenewedOnce(ada);
  expect((await ada.billing()).subscription?.periodStart).toBe(periodEnd);
});

test.each<Question>(['findPayments', 'readPayment'])(
  'a worker that is killed when it has asked by %s what has become of a charge leaves that to the next',
  async (question) => {
    const ada = await dueForRenewal();
    expect(await dyingAt(await world.jobContext(), 'charge', 'behind').run(workSubscriptions)).toBe(true);
    later(5 * minuteMs);
    expect(await dyingAt(await world.jobContext(), question, 'behind').run(workSubscriptions)).toBe(true);
    later(5 * minuteMs);
    await world.runJobs('billing.work-subscriptions');
    await expectRenewedOnce(ada);
  },
);

/** Pays one page in two tabs. */
async function payTwice(ada: Payer): Promise<string> {
  later(0);
  const reference = await ada.startPro();
  world.checkout.pay({ reference });
  later(1);
  world.checkout.pay({ reference, again: true, card: { number: '5555555555554444' } });
  return reference;
}

const surplusOf = async (ada: Payer) =>
  nodesOf((await ada.person.ok(Payments, {})).billing.payments).map(({ isSurplus, refundedCents, cardLastFour }) => ({
    ...{ isSurplus, refundedCents, cardLastFour },
  }));

test('what is paid in a second tab goes back, and the first pays', async () => {
  const ada = await payer(world);
  await payTwice(ada);
  await ada.told();
  expect(world.checkout.books().map(({ capturedCents }) => capturedCents)).toEqual([500, 500]);
  expect(await surplusOf(ada)).toEqual([
    { isSurplus: true, refundedCents: 0, cardLastFour: '4444' },
    { isSurplus: false, refundedCents: 0, cardLastFour: '4242' },
  ]);
  later(minuteMs);
  await world.runJobs('billing.look-at-payments');
  await ada.told();
  later(dayMs);
  await world.runJobs('billing.look-at-payments');
  expect(world.checkout.books().map(({ refundedCents }) => refundedCents)).toEqual([0, 500]);
  expect(await surplusOf(ada)).toEqual([
    { isSurplus: true, refundedCents: 500, cardLastFour: '4444' },
    { isSurplus: false, refundedCents: 0, cardLastFour: '4242' },
  ]);
  expect((await ada.billing()).subscription?.state).toBe('ACTIVE');
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(100);
});

test.each(['before', 'behind'] as const)(
  'what was paid twice goes back once although a worker is killed while it asks for that (%s)',
  async (death) => {
    const ada = await payer(world);
    await payTwice(ada);
    await ada.told();
    later(minuteMs);
    expect(await dyingAt(await world.jobContext(), 'refund', death).run(lookAtPayments)).toBe(true);
    later(dayMs);
    await world.runJobs('billing.look-at-payments');
    await ada.told();
    expect(world.checkout.books().map(({ refundedCents }) => refundedCents)).toEqual([0, 500]);
    expect((await surplusOf(ada))[0]).toMatchObject({ isSurplus: true, refundedCents: 500 });
  },
);
