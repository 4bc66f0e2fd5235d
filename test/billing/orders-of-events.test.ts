import { expect, test } from '@jest/globals';
import { BuyCredits, StartProCheckout } from '../../generated/documents.js';
import type { Control } from '../../infra/emulators/checkout-control.js';
import { lookAtPayments, workSubscriptions } from '../../src/billing/index.js';
import { dayMs, minuteMs } from '../../src/kernel/days.js';
import { Chance } from '../support/chance.js';
import { harness } from '../support/harness.js';
import { Lockstep, type Walker } from '../support/lockstep.js';
import { ordersOf } from '../support/orders.js';

const world = harness({ worker: false, lastingTokens: true });
const patienceMs = 180_000;

const latest = ({ references }: Walker) => references.at(-1) ?? '';

/** Something that happens at the provider to what somebody has begun last. */
type Step = (walker: Walker) => unknown;

const captured: Step = (walker) => world.checkout.pay({ reference: latest(walker) });
const authorized: Step = (walker) => world.checkout.pay({ reference: latest(walker), outcome: 'authorized' });
const voided: Step = (walker) => world.checkout.pay({ reference: latest(walker), outcome: 'cancelled' });
const declined: Step = (walker) => world.checkout.pay({ reference: latest(walker), outcome: 'declined' });
const refunded = (amountCents: number): Step => {
  return (walker) => world.checkout.refund({ reference: latest(walker), amountCents });
};
const tried: Step = () => world.checkout.tick();

/** Pays on the page with a card that is refused, and that the provider tries again by itself ten minutes later. */
const scheduled: Step = async (walker) => {
  const [match, url] = [latest(walker), pages.get(walker) ?? ''];
  const retrySchedule = { afterMs: 10 * minuteMs, attempts: 1, outcome: 'captured' } as const;
  world.checkout.control({ match, retrySchedule, times: 1 });
  const body = new URLSearchParams({ number: '4242424242424242', expiry: '12/40', name: 'Ada', action: 'pay' });
  const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(120_000) });
  expect(response.status).toBe(402);
  await response.text();
};
const pages = new WeakMap<Walker, string>();

/** What a payment has led to. */
interface History {
  readonly name: string;
  readonly steps: readonly Step[];
  /** How many events that are. */
  readonly events: number;
  /** What of it stays with us. */
  readonly keptCents: number;
}

const purchases: readonly History[] = [
  { name: 'captured', steps: [captured], events: 2, keptCents: 500 },
  { name: 'declined, then captured', steps: [declined, captured], events: 3, keptCents: 500 },
  { name: 'captured, a part refunded', steps: [captured, refunded(200)], events: 3, keptCents: 300 },
  {
    name: 'captured, and refunded in two parts',
    steps: [captured, refunded(200), refunded(300)],
    events: 4,
    keptCents: 0,
  },
  { name: 'declined, captured, refunded', steps: [declined, captured, refunded(500)], events: 4, keptCents: 0 },
  { name: 'authorized, captured, refunded', steps: [authorized, captured, refunded(500)], events: 3, keptCents: 0 },
  { name: 'declined, authorized, voided', steps: [declined, authorized, voided], events: 3, keptCents: 0 },
  {
    name: 'declined, scheduled for a retry, captured by it, a part refunded',
    steps: [declined, scheduled, tried, refunded(125)],
    events: 5,
    keptCents: 375,
  },
];

test.each(purchases)(
  'whatever the order in which a purchase is told of ($name), the end is the same, and nothing is granted twice',
  async ({ steps, events, keptCents }) => {
    const orders = ordersOf([...Array(events).keys()]);
    const all = await Lockstep.begin(world, orders, new Chance(events));
    await all.happens(async (walker) => {
      const { buyCredits } = await walker.payer.person.ok(BuyCredits, { input: { packId: 'credits_20' } });
      walker.references.push(buyCredits.reference);
      pages.set(walker, buyCredits.url);
    });
    for (const step of steps) {
      all.later(11 * minuteMs);
      await all.happens(step);
    }
    await all.tell(events);
    const told = await all.expectSame();
    expect(told.lines.filter((line) => line.startsWith('GRANT PURCHASED'))).toHaveLength(
      steps.includes(voided) ? 0 : 1,
    );
    expect(told.standing.buckets['PURCHASED'] ?? 0).toBe(Math.floor((20 * keptCents) / 500));
    all.later(2 * dayMs);
    await all.look(lookAtPayments);
    const looked = await all.expectSame();
    expect(looked.lines).toEqual(told.lines);
    expect(looked.standing.payments).toMatchObject([{ state: steps.includes(voided) ? 'FAILED' : 'SUCCEEDED' }]);
  },
  patienceMs,
);

/** How the second month goes, behind a first one that was approved and captured on a page. */
interface Renewal {
  readonly name: string;
  /** How the provider answers the charge. */
  readonly answers: Control;
  /** What comes later. */
  readonly steps: readonly Step[];
  readonly events: number;
  readonly state: string;
}

const retrySchedule = { afterMs: 10 * minuteMs, attempts: 2 } as const;
const firstRefunded: Step = ({ references }) => world.checkout.refund({ reference: references[0] ?? '' });

const renewals: readonly Renewal[] = [
  { name: 'captured at once', answers: {}, steps: [], events: 2, state: 'ACTIVE' },
  { name: 'captured later', answers: { authorizeOnly: true }, steps: [captured], events: 2, state: 'ACTIVE' },
  { name: 'voided', answers: { authorizeOnly: true }, steps: [voided], events: 2, state: 'PAST_DUE' },
  { name: 'declined', answers: { decline: { code: '20051' } }, steps: [], events: 1, state: 'PAST_DUE' },
  { name: 'pending, then captured', answers: { pending: true }, steps: [captured], events: 3, state: 'ACTIVE' },
  { name: 'pending, then declined', answers: { pending: true }, steps: [declined], events: 2, state: 'PAST_DUE' },
  { name: 'refunded', answers: {}, steps: [refunded(500)], events: 3, state: 'EXPIRED' },
  { name: 'captured, the first month refunded', answers: {}, steps: [firstRefunded], events: 3, state: 'ACTIVE' },
  {
    name: 'declined, and captured by the second retry',
    answers: { retrySchedule: { ...retrySchedule, outcome: 'captured' } },
    steps: [tried, tried],
    events: 4,
    state: 'ACTIVE',
  },
  {
    name: 'declined, in both retries as well',
    answers: { retrySchedule: { ...retrySchedule, outcome: 'declined' } },
    steps: [tried, tried],
    events: 3,
    state: 'PAST_DUE',
  },
];

/** Events of the first month. */
const ofFirst = 2;

test.each(renewals)(
  'whatever the order in which two months are told of (the second: $name), the end is the same, and nothing is granted twice',
  async ({ answers, steps, events, state }) => {
    const chance = new Chance(events);
    // Nobody is charged before the first payment is known.
    const orders = ordersOf([...Array(ofFirst + events).keys()]).filter(([first = 0]) => first < ofFirst);
    const all = await Lockstep.begin(world, sampled(orders, chance), chance);
    await all.happens(async (walker) => {
      walker.references.push((await walker.payer.person.ok(StartProCheckout, {})).startProCheckout.reference);
    });
    await all.happens(captured);
    await all.tell(ofFirst);
    expect((await all.expectSame()).standing).toMatchObject({ plan: 'PRO', buckets: { SUBSCRIPTION: 100 } });
    all.later(31 * dayMs);
    world.checkout.control(answers);
    await all.look(workSubscriptions);
    world.checkout.control({ match: 'nobody', authorizeOnly: false });
    await all.happens(noteCharge);
    for (const step of steps) {
      // Some hear of the charge before it is decided.
      await all.tell(ofFirst + 1, () => chance.happens(0.5));
      all.later(11 * minuteMs);
      await all.happens(step);
    }
    await all.tell(ofFirst + events);
    const told = await all.expectSame();
    expect(told.standing.subscriptions).toMatchObject([{ state }]);
    expect(told.lines.filter((line) => line.startsWith('GRANT SUBSCRIPTION'))).toHaveLength(
      state === 'PAST_DUE' ? 1 : 2,
    );
    await all.look(lookAtPayments);
    expect(await all.expectSame()).toEqual(told);
  },
  patienceMs,
);

/** All orders of up to five events; of more the natural one, which is the first, and some. */
function sampled(orders: readonly number[][], chance: Chance): number[][] {
  return orders.filter((_, index) => orders.length <= 120 || index === 0 || chance.happens(1 / 4));
}

async function noteCharge(walker: Walker): Promise<void> {
  const [charge] = await world.sql<{ reference: string }>(
    'select reference from billing.payment where account_id = $1 and attempt = 1',
    [walker.payer.person.id],
  );
  if (charge && !walker.references.includes(charge.reference)) walker.references.push(charge.reference);
}
