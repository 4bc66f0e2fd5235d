import { expect } from '@jest/globals';
import { dayMs } from '../../src/kernel/days.js';
import type { Harness } from './harness.js';
import { stepsADay } from './year-plans.js';

/** How long Pro may go on unpaid: three attempts a day apart, three days of grace, and what workers were late by. */
const unpaidMs = 5 * dayMs + (3 * dayMs) / stepsADay;

interface OurPayment {
  readonly accountId: string;
  readonly id: string;
  readonly reference: string;
  readonly providerPaymentId: string | null;
  readonly purpose: string;
  readonly state: string;
  readonly isSurplus: boolean;
  readonly subscriptionId: string | null;
  readonly periodStart: Date | null;
  readonly refundedCents: number;
  readonly disputedCents: number;
}

function ourPayments(world: Harness): Promise<OurPayment[]> {
  return world.sql<OurPayment>(
    `select account_id as "accountId", id, reference, provider_payment_id as "providerPaymentId", purpose, state,
       is_surplus as "isSurplus", subscription_id as "subscriptionId", period_start as "periodStart",
       refunded_cents as "refundedCents", disputed_cents as "disputedCents"
     from billing.payment`,
  );
}

/**
 * By the provider's books alone: what was taken for each month, and did not go back, is the price of it at most; of what was
 * paid for nothing, nothing is left.
 */
export async function expectNobodyChargedTwice(world: Harness): Promise<void> {
  const ours = new Map((await ourPayments(world)).map((payment) => [payment.reference, payment]));
  const left = new Map<string, { cents: number; most: number }>();
  for (const { reference, amountCents, capturedCents, refundedCents, disputedCents } of world.checkout.books()) {
    const payment = ours.get(reference ?? '');
    const period = payment?.periodStart ? `${payment.subscriptionId} ${payment.periodStart.toISOString()}` : null;
    const paidFor = payment?.isSurplus || period === null ? `reference ${reference}` : period;
    const most = payment && !payment.isSurplus ? amountCents : 0;
    const cents = (left.get(paidFor)?.cents ?? 0) + Math.max(0, capturedCents - refundedCents - disputedCents);
    left.set(paidFor, { cents, most });
  }
  expect(left.size).toBeGreaterThan(0);
  expect([...left].filter(([, { cents, most }]) => cents > most)).toEqual([]);
}

/** What we have noted of each payment is what the provider has of it, in both directions. */
export async function expectSameBooks(world: Harness): Promise<void> {
  const ours = (await ourPayments(world))
    .filter(({ state, purpose }) => state === 'SUCCEEDED' && purpose !== 'CARD')
    .map(({ providerPaymentId: id, refundedCents, disputedCents }) => ({ id, refundedCents, disputedCents }));
  const theirs = world.checkout
    .books()
    .filter(({ capturedCents }) => capturedCents > 0)
    .map(({ id, capturedCents, refundedCents, disputedCents }) => {
      return { id, refundedCents, disputedCents: Math.min(disputedCents, capturedCents - refundedCents) };
    });
  const sorted = <Payment extends { id: string | null }>(payments: Payment[]) =>
    payments.toSorted((one, other) => ((one.id ?? '') < (other.id ?? '') ? -1 : 1));
  expect(sorted(ours)).toEqual(sorted(theirs));
}

interface Told {
  readonly accountId: string;
  readonly at: Date;
  readonly type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** All that happened, account by account. */
async function toldByAccount(world: Harness): Promise<Map<string, Told[]>> {
  const events = await world.sql<Told>(
    `select account_id as "accountId", at, type, metadata from activity.event order by account_id, number`,
  );
  return Map.groupBy(events, ({ accountId }) => accountId);
}

/** Whether it is a month that was ended by a dispute, and goes on as that was won. */
function goesOn({ metadata }: Told, before: readonly Told[]): boolean {
  const { from, periodStart } = metadata;
  return from === 'EXPIRED' && before.some((earlier) => earlier.metadata['periodStart'] === periodStart);
}

/** By the events alone: each month of Pro was paid by a payment of its own, and Pro did not go on for long without. */
export async function expectNobodyProUnpaid(world: Harness): Promise<void> {
  const now = world.clock.now();
  const plans = await world.sql<{ id: string; plan: string }>('select id, plan from accounts.account');
  const told = await toldByAccount(world);
  for (const { id, plan } of plans) {
    const events = told.get(id) ?? [];
    const paid = events.filter(
      ({ type, metadata }) => type === 'payment.successful' && metadata['purpose'] === 'PRO' && !metadata['isSurplus'],
    );
    const moves = events.filter(({ type }) => /^subscription\.(created|renewed|expired)$/.test(type));
    const months = moves.filter(({ type }) => type !== 'subscription.expired');
    const begun = months.filter((month, index) => !goesOn(month, months.slice(0, index)));
    expect(begun).toHaveLength(paid.length);
    expect(new Set(begun.map(({ metadata }) => metadata['periodStart'])).size).toBe(begun.length);
    for (const [index, { metadata }] of moves.entries()) {
      if (!('periodEnd' in metadata)) continue;
      const until = moves[index + 1]?.at ?? now;
      const end = new Date(String(metadata['periodEnd']));
      expect({ id, metadata, late: until.getTime() - end.getTime() > unpaidMs }).toEqual({ id, metadata, late: false });
    }
    expect({ id, plan }).toEqual({ id, plan: months.length > 0 && moves.at(-1) === months.at(-1) ? 'PRO' : 'FREE' });
  }
}

/** Each balance is the sum of its lines, and each month and each pack was granted once. */
export async function expectLedgersToAddUp(world: Harness): Promise<void> {
  expect(await world.sql('select finished_at is not null as finished from billing.credit_reconciliation')).toEqual([
    { finished: true },
  ]);
  expect(await world.sql('select account_id, place, stored, booked from billing.credit_difference')).toEqual([]);
  const granted = await world.sql(
    `select account_id, count(*) filter (where bucket = 'SUBSCRIPTION' and kind = 'GRANT')::int as months,
       count(*) filter (where bucket = 'PURCHASED' and kind = 'GRANT')::int as packs
     from billing.credit_entry group by account_id order by account_id`,
  );
  const paid = await world.sql(
    `select account.id as account_id,
       count(*) filter (where purpose = 'PRO')::int as months, count(*) filter (where purpose = 'CREDITS')::int as packs
     from accounts.account left join billing.payment
       on account_id = account.id and payment.state = 'SUCCEEDED' and not is_surplus
     group by account.id order by account.id`,
  );
  expect(granted).toEqual(paid);
}

/**
 * What happened to whom and when, without ids. What happened to somebody at the same moment stands in the order of its words:
 * which of two payments is asked about first, chance outside of the test decides.
 */
export async function logOf(world: Harness, accounts: readonly string[]): Promise<string[][]> {
  const told = await toldByAccount(world);
  return accounts.map((id) =>
    (told.get(id) ?? [])
      .map(({ at, type, metadata }) => {
        const facts = JSON.stringify(metadata).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
        return `${at.toISOString()} ${type} ${facts}`;
      })
      .toSorted(),
  );
}
