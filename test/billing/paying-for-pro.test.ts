import { expect, test } from '@jest/globals';
import {
  Activity,
  BuyCredits,
  CancelSubscription,
  Changes,
  Credits,
  Me,
  Notifications,
  Payments,
  ResumeSubscription,
  StartProCheckout,
  UpdatePaymentMethod,
} from '../../generated/documents.js';
import { workSubscriptions } from '../../src/billing/index.js';
import { dayMs } from '../../src/kernel/days.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import { payer } from '../support/payers.js';

const world = harness({ worker: false, lastingTokens: true });

const later = (ms: number) => world.clock.goTo(new Date(world.clock.now().getTime() + ms));
const goTo = (text: string) => world.clock.goTo(new Date(text));

test('the first payment brings the plan, its credits, a notification and an event of each', async () => {
  const ada = await payer(world);
  const { url, reference } = (await ada.person.ok(StartProCheckout, {})).startProCheckout;
  expect(url.startsWith(world.checkout.url)).toBe(true);
  expect(reference).toMatch(/^[0-9a-z]{25}$/);
  // What the browser brings back changes nothing.
  expect((await ada.billing()).tier).toBe('FREE');
  world.checkout.pay({ reference });
  expect((await ada.billing()).tier).toBe('FREE');
  await ada.told();
  const billing = await ada.billing();
  expect(billing).toMatchObject({
    tier: 'PRO',
    subscription: { state: 'ACTIVE', failedPayments: 0, needsNewCard: false },
    card: { lastFour: '4242' },
    upcoming: { amountCents: 500, currency: 'USD', at: billing.subscription?.periodEnd },
  });
  expect((await ada.person.ok(Me, {})).me.tier).toBe('PRO');
  expect((await ada.person.ok(Credits, {})).credits).toMatchObject({ subscription: 100, kickstart: 5 });
  const [payment] = nodesOf((await ada.person.ok(Payments, {})).billing.payments);
  expect(payment).toMatchObject({
    purpose: 'PRO',
    state: 'SUCCEEDED',
    amountCents: 500,
    currency: 'USD',
    cardLastFour: '4242',
    reference,
    refundedCents: 0,
    isSurplus: false,
    periodStart: billing.subscription?.periodStart,
  });
  const { notifications } = await ada.person.ok(Notifications, {});
  expect(nodesOf(notifications).map(({ title }) => title)).toContain('Welcome to Pro');
  const types = nodesOf((await ada.person.ok(Activity, { first: 50 })).activity).map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining(['subscription.created', 'payment.successful', 'user.updated', 'notification.created']),
  );
  const changes = nodesOf((await ada.person.ok(Changes, { first: 50 })).changes);
  const told = changes.flatMap(({ entity }) => (entity ? [entity.__typename] : []));
  expect(told).toEqual(expect.arrayContaining(['BillingSubscription', 'Payment']));
});

test('asked again while the page is open, it is the same page, also at once and by key; an abandoned one expires', async () => {
  const ada = await payer(world);
  const [one, two] = await Promise.all([ada.startPro(), ada.startPro()]);
  expect(one).toBe(two);
  const first = await ada.person.send(StartProCheckout, {}, { 'idempotency-key': 'pro' });
  const again = await ada.person.send(StartProCheckout, {}, { 'idempotency-key': 'pro' });
  expect(again.text).toBe(first.text);
  expect(first.text).toContain(one);
  later(2 * 3_600_000);
  const other = await ada.startPro();
  expect(other).not.toBe(one);
  await world.runJobs('billing.look-at-payments');
  const payments = nodesOf((await ada.person.ok(Payments, {})).billing.payments);
  expect(payments.map(({ state }) => state)).toEqual(['PENDING', 'EXPIRED']);
});

test('a page that cannot be made is UNAVAILABLE, and the same key makes it once the provider is back', async () => {
  const ada = await payer(world);
  world.checkout.control({ request: 'page', status: 500, times: 1 });
  const key = { 'idempotency-key': 'away' };
  const refused = await ada.person.send(StartProCheckout, {}, key);
  expect(refused.body.errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE' });
  const made = await ada.person.send(StartProCheckout, {}, key);
  expect(made.body.errors).toBeUndefined();
  expect((await ada.person.send(StartProCheckout, {}, key)).text).toBe(made.text);
});

test('whoever is on Pro does not pay again, cancels once, resumes before the end, and not after', async () => {
  const ada = await payer(world);
  await ada.person.refused(CancelSubscription, {}, 'CONFLICT');
  await ada.becomePro();
  await ada.person.refused(StartProCheckout, {}, 'CONFLICT');
  await ada.person.refused(ResumeSubscription, {}, 'CONFLICT');
  const { billing } = (await ada.person.ok(CancelSubscription, {})).cancelSubscription;
  expect(billing).toMatchObject({ tier: 'PRO', subscription: { state: 'CANCELLED' }, upcoming: null });
  await ada.person.refused(CancelSubscription, {}, 'CONFLICT');
  await ada.person.refused(StartProCheckout, {}, 'CONFLICT');
  const resumed = (await ada.person.ok(ResumeSubscription, {})).resumeSubscription.billing;
  expect(resumed).toMatchObject({ subscription: { state: 'ACTIVE', cancelledAt: null } });
  await ada.person.ok(CancelSubscription, {});
  later(31 * dayMs);
  await ada.renew();
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
  await ada.person.refused(ResumeSubscription, {}, 'CONFLICT');
  expect(world.checkout.books()).toHaveLength(1);
  // And begins anew.
  await ada.becomePro();
  expect(await ada.state()).toBe('ACTIVE');
});

test('renewals take the day of the first payment, or the last one of a month that lacks it, and carry 50 credits over', async () => {
  goTo(`${new Date().getUTCFullYear() + 1}-01-31T10:00:00.000Z`);
  const year = world.clock.now().getUTCFullYear();
  const february = new Date(Date.UTC(year, 2, 0)).getUTCDate();
  const ada = await payer(world);
  await ada.becomePro();
  const ends = [(await ada.billing()).subscription?.periodEnd];
  for (const day of [`02-${february}`, '03-31', '04-30']) {
    goTo(`${year}-${day}T10:10:00.000Z`);
    await ada.renew();
    await ada.renew();
    ends.push((await ada.billing()).subscription?.periodEnd);
  }
  expect(ends).toEqual(
    [
      `${year}-02-${february}T10:00:00.000Z`,
      `${year}-03-31T10:00:00.000Z`,
      `${year}-04-30T10:00:00.000Z`,
      `${year}-05-31T10:00:00.000Z`,
    ].map((text) => expect.stringMatching(new RegExp(`^${text.slice(0, 16)}`))),
  );
  expect(world.checkout.books().map(({ capturedCents }) => capturedCents)).toEqual([500, 500, 500, 500]);
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(150);
});

test('a renewal that is refused three times, a day apart, leads to the grace period, and that to the free plan', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  world.checkout.control({ decline: { code: '20051' } });
  later(31 * dayMs);
  await ada.renew();
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'PAST_DUE', failedPayments: 1 } });
  await ada.renew();
  expect(world.checkout.books()).toHaveLength(2);
  for (const [failedPayments, state] of [
    [2, 'PAST_DUE'],
    [3, 'GRACE_PERIOD'],
  ] as const) {
    later(dayMs);
    await ada.renew();
    expect((await ada.billing()).subscription).toMatchObject({ state, failedPayments });
  }
  const { subscription, tier } = await ada.billing();
  expect(tier).toBe('PRO');
  expect(new Date(subscription?.graceEndsAt ?? 0).getTime() - world.clock.now().getTime()).toBeGreaterThan(2.9 * dayMs);
  later(3 * dayMs + 60_000);
  const worker = await world.jobContext();
  await workSubscriptions(worker);
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' }, upcoming: null });
  expect(world.checkout.books()).toHaveLength(4);
  const titles = nodesOf((await ada.person.ok(Notifications, {})).notifications).map(({ title }) => title);
  const metrics = await worker.services.metrics.registry.metrics();
  expect(metrics).toContain('subscription_moves_total{from="GRACE_PERIOD",to="EXPIRED"} 1\n');
  expect(titles).toEqual(
    expect.arrayContaining(['The payment for Pro failed', 'Pro ends soon', 'Pro has ended', 'Welcome to Pro']),
  );
});

test('a card that is refused for good is not tried again: a new one is asked for, and tried at once', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  world.checkout.control({ decline: { code: '30041', recommendationCode: '03' } });
  later(31 * dayMs);
  await ada.renew();
  expect((await ada.billing()).subscription).toMatchObject({ state: 'PAST_DUE', needsNewCard: true });
  later(dayMs);
  await ada.renew();
  expect(world.checkout.books()).toHaveLength(2);
  later(dayMs + 60_000);
  await ada.renew();
  expect(await ada.state()).toBe('GRACE_PERIOD');
  world.checkout.control({ reset: true, hold: true });
  const reference = await ada.startCard();
  await ada.pay(reference, { card: { number: '5555555555554444' } });
  expect((await ada.billing()).card).toMatchObject({ lastFour: '4444' });
  await ada.renew();
  expect(await ada.billing()).toMatchObject({
    tier: 'PRO',
    subscription: { state: 'ACTIVE', needsNewCard: false, failedPayments: 0, graceEndsAt: null },
  });
});

test('a page pays what is due, at any point: past due, in the grace period, and anew when it is over', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  const start = (await ada.billing()).subscription?.periodEnd;
  world.checkout.control({ decline: { code: '20051' } });
  later(31 * dayMs);
  await ada.renew();
  await ada.becomePro();
  expect((await ada.billing()).subscription).toMatchObject({ state: 'ACTIVE', periodStart: start });
  later(31 * dayMs);
  for (const _ of [1, 2, 3]) {
    await ada.renew();
    later(dayMs + 60_000);
  }
  expect(await ada.state()).toBe('GRACE_PERIOD');
  await ada.becomePro();
  expect(await ada.state()).toBe('ACTIVE');
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(150);
});

test('a page that is paid although something else has paid meanwhile goes back', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  world.checkout.control({ decline: { code: '20051' }, times: 1 });
  later(31 * dayMs);
  await ada.renew();
  const reference = await ada.startPro();
  // The renewal is tried again, and paid, while the page is open.
  world.checkout.control({ hold: true });
  await world.sql(`update billing.payment set created_at = created_at - interval '1 day' where attempt = 1`);
  await world.sql(`update billing.subscription set due_at = due_at - interval '1 day'`);
  later(60_000);
  await ada.renew();
  expect(await ada.state()).toBe('ACTIVE');
  await ada.pay(reference);
  const payments = nodesOf((await ada.person.ok(Payments, {})).billing.payments);
  expect(payments[1]).toMatchObject({ reference, state: 'SUCCEEDED', isSurplus: true, refundedCents: 0 });
  later(2 * 60_000);
  await world.runJobs('billing.look-at-payments');
  await ada.told();
  const after = nodesOf((await ada.person.ok(Payments, {})).billing.payments);
  expect(after[1]).toMatchObject({ reference, isSurplus: true, refundedCents: 500 });
  expect(after.map(({ isSurplus }) => isSurplus)).toEqual([false, true, false, false]);
  expect((await ada.billing()).subscription?.state).toBe('ACTIVE');
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(150);
});

test('while the provider tries again by itself we stand down, and what has ended meanwhile is not tried any more', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  const retrySchedule = { afterMs: 4 * dayMs, attempts: 3, outcome: 'captured' as const };
  world.checkout.control({ decline: { code: '20051' }, retrySchedule });
  later(31 * dayMs);
  await ada.renew();
  expect((await ada.billing()).subscription).toMatchObject({ state: 'PAST_DUE', failedPayments: 1 });
  for (const _ of [1, 2, 3, 4]) {
    later(dayMs + 60_000);
    await ada.renew();
  }
  // One charge, which is the provider's to try again.
  expect(world.checkout.books()).toHaveLength(2);
  expect(await ada.state()).toBe('GRACE_PERIOD');
  later(2 * dayMs);
  await ada.renew();
  expect(await ada.state()).toBe('EXPIRED');
  await world.runJobs('billing.look-at-payments');
  expect(world.checkout.books().at(-1)).toMatchObject({ status: 'Canceled', capturedCents: 0 });
  later(10 * dayMs);
  world.checkout.tick();
  await ada.told();
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
});

test('what the provider takes by its own retry renews the subscription, once', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  const retrySchedule = { afterMs: dayMs, attempts: 2, outcome: 'captured' as const };
  world.checkout.control({ decline: { code: '20051' }, retrySchedule });
  later(31 * dayMs);
  await ada.renew();
  expect(await ada.state()).toBe('PAST_DUE');
  later(2 * dayMs + 60_000);
  world.checkout.tick();
  await ada.told();
  await ada.renew();
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'ACTIVE', failedPayments: 0 } });
  expect(world.checkout.books().map(({ capturedCents }) => capturedCents)).toEqual([500, 500]);
});

test('whoever pays hears of it: a purchase, a refund, and a card that expires before the renewal', async () => {
  const ada = await payer(world);
  const pro = await ada.startPro();
  const soon = world.clock.now();
  await ada.pay(pro, { card: { expiryMonth: soon.getUTCMonth() + 1, expiryYear: soon.getUTCFullYear() } });
  const bought = await ada.startBuying('credits_45');
  await ada.pay(bought);
  world.checkout.refund({ reference: bought, amountCents: 400 });
  await ada.told();
  const titles = async () => nodesOf((await ada.person.ok(Notifications, {})).notifications).map(({ title }) => title);
  expect(await titles()).toEqual(['$4 went back to you', '45 credits were added', 'Welcome to Pro']);
  expect((await ada.person.ok(Credits, {})).credits.purchased).toBe(45 - 18);
  const end = new Date((await ada.billing()).subscription?.periodEnd ?? 0);
  world.clock.goTo(new Date(end.getTime() - 6 * dayMs));
  await ada.renew();
  await ada.renew();
  expect(await titles()).toEqual(expect.arrayContaining(['Your card expires before Pro is renewed']));
});

test('the whole of a month that goes back ends Pro and takes its credits; a part of it does not', async () => {
  const ada = await payer(world);
  const reference = await ada.becomePro();
  world.checkout.refund({ reference, amountCents: 100 });
  await ada.told();
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(80);
  expect(await ada.state()).toBe('ACTIVE');
  world.checkout.dispute({ reference, outcome: 'received' });
  await ada.told();
  expect(await ada.billing()).toMatchObject({ tier: 'FREE', subscription: { state: 'EXPIRED' } });
  expect((await ada.person.ok(Credits, {})).credits.subscription).toBe(0);
});

test('a provider that is away for days while no worker looks leads to grace and expiry all the same, and back by a payment', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  world.checkout.control({ status: 500, request: 'charge' });
  world.checkout.control({ status: 500, request: 'list' });
  later(31 * dayMs);
  await ada.renew();
  expect(await ada.state()).toBe('ACTIVE');
  later(2 * dayMs + 3_600_000);
  await ada.renew();
  expect(await ada.state()).toBe('GRACE_PERIOD');
  world.checkout.control({ reset: true, hold: true });
  later(3_600_000);
  await ada.renew();
  await ada.told();
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'ACTIVE' } });
  expect(world.checkout.books().map(({ capturedCents }) => capturedCents)).toEqual([500, 500]);
});

test('attempts are a day apart, also when a worker comes late, and a card given in grace is tried although that is over', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  world.checkout.control({ decline: { code: '20051' } });
  later(31 * dayMs);
  await ada.renew();
  later(2.5 * dayMs);
  await ada.renew();
  await ada.renew();
  expect(world.checkout.books()).toHaveLength(3);
  later(dayMs + 60_000);
  await ada.renew();
  expect(await ada.state()).toBe('GRACE_PERIOD');
  world.checkout.control({ reset: true, hold: true });
  later(2 * dayMs);
  await ada.pay(await ada.startCard(), { card: { number: '5555555555554444' } });
  later(2 * dayMs);
  await ada.renew();
  expect(await ada.billing()).toMatchObject({ tier: 'PRO', subscription: { state: 'ACTIVE' } });
});

test('payments are read from a cursor that is one, and in pages of a size that there is', async () => {
  const ada = await payer(world);
  await ada.becomePro();
  await ada.person.refused(Payments, { first: 2, after: 'no cursor' }, 'VALIDATION_FAILED');
  await ada.person.refused(Payments, { first: -1 }, 'VALIDATION_FAILED');
});

test('nothing that needs a page is begun while the provider makes none', async () => {
  const [ada, bob] = [await payer(world), await payer(world, 'Bob')];
  await bob.becomePro();
  world.checkout.control({ request: 'page', status: 500 });
  const { path } = await ada.person.refused(StartProCheckout, {}, 'UNAVAILABLE');
  expect(path).toEqual(['startProCheckout']);
  await ada.person.refused(BuyCredits, { input: { packId: 'credits_20' } }, 'UNAVAILABLE');
  await bob.person.refused(UpdatePaymentMethod, {}, 'UNAVAILABLE');
});

test('no more credits are sold than an account may buy in 30 days', async () => {
  const ada = await payer(world);
  const input = { packId: 'credits_100' };
  const answers = [];
  for (let bought = 0; bought < 30; bought += 1) {
    const { data, code } = await ada.person.trying(BuyCredits, { input });
    answers.push(code);
    if (!data) break;
    await ada.pay(data.buyCredits.reference);
  }
  expect(answers.at(-1)).toBe('PURCHASE_LIMIT_EXCEEDED');
});
