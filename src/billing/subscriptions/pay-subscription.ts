import { Tier } from '../../../entities/accounts/account.js';
import type { Payment } from '../../../entities/billing/payment.js';
import { Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import { record } from '../../activity/index.js';
import { subscriptionCardChanged, subscriptionCreated, subscriptionRenewed } from '../../events/billing.js';
import { type Instrument, newId, type Tx } from '../../kernel/context.js';
import { changePlan } from '../change-plan.js';
import { tellActivated, tellRenewed } from '../notices.js';
import { beginPeriod } from './begin-period.js';
import { dueWhilePaid } from './dunning.js';
import { move } from './move-subscription.js';
import { type Period, periodAt, periodDue, toldPeriod } from './periods.js';
import { findCurrent, findLive, findSubscription, useCard } from './subscription-store.js';

/**
 * What a month that was paid brings: a subscription, its next period, or its return. False when there is nothing that it
 * could be for, as something else has paid for the same: then it is to go back.
 */
export async function payMonth(tx: Tx, payment: Payment, instrument: Instrument | null): Promise<boolean> {
  const live = await findLive(tx);
  if (payment.attempt === null) return payByPage(tx, live, payment, instrument);
  const charged = payment.subscriptionId === null ? null : await findSubscription(tx, payment.subscriptionId);
  if (!charged || payment.periodStart === null || charged.periodStart >= payment.periodStart) return false;
  // Its months have begun anew since, as when an operator has given some.
  if (charged.anchor > payment.periodStart) return false;
  const isGone = charged.state === SubscriptionState.EXPIRED;
  if (isGone && !(await mayReturn(tx, charged))) return false;
  const period = periodAt(charged.anchor, payment.periodStart);
  await renew(tx, charged, isGone ? stillOf(period, charged, tx.clock.now()) : period, payment);
  return true;
}

/** Whether nobody wanted it to end, and none began since: what became of that one is what its payer wants now. */
async function mayReturn(tx: Tx, { id, cancelledAt }: Subscription): Promise<boolean> {
  return cancelledAt === null && (await findCurrent(tx))?.id === id;
}

async function payByPage(
  tx: Tx,
  live: Subscription | null,
  payment: Payment,
  instrument: Instrument | null,
): Promise<boolean> {
  const now = tx.clock.now();
  if (!live) {
    await begin(tx, payment, instrument);
    return true;
  }
  if (live.periodEnd > now || live.state === SubscriptionState.CANCELLED) return false;
  if (instrument) useCard(live, instrument);
  await renew(tx, live, periodDue(live.anchor, live.periodEnd, now), payment);
  return true;
}

/** The period that was paid for, unless it is over by now: then a month from now on. */
function stillOf(period: Period, subscription: Subscription, now: Date): Period {
  if (period.end > now) return period;
  subscription.anchor = now;
  return periodAt(now, now);
}

async function begin(tx: Tx, payment: Payment, instrument: Instrument | null): Promise<void> {
  const now = tx.clock.now();
  const { start, end } = periodAt(now, now);
  const subscription = new Subscription({
    id: newId(tx.clock),
    accountId: tx.unit.account.id,
    product: 'PRO',
    state: SubscriptionState.ACTIVE,
    anchor: now,
    periodStart: start,
    periodEnd: end,
    cancelledAt: null,
    dueAt: end,
    createdAt: now,
  });
  if (instrument) useCard(subscription, instrument);
  tx.entities().persist(subscription);
  await attach(tx, subscription, payment);
  await record(tx, subscriptionCreated(subscription.id, { product: 'PRO', ...toldPeriod(subscription) }));
  await tellActivated(tx, subscription);
}

async function renew(tx: Tx, subscription: Subscription, period: Period, payment: Payment): Promise<void> {
  const { state: from } = subscription;
  const dueAt = period.end;
  if (from !== SubscriptionState.CANCELLED)
    await move(tx, subscription, SubscriptionState.ACTIVE, {
      cancelledAt: null,
      graceEndsAt: null,
      endedAt: null,
      endedBy: null,
      dueAt,
    });
  const paid = { failedPayments: 0, needsNewCard: false };
  Object.assign(subscription, paid, { periodStart: period.start, periodEnd: period.end });
  await attach(tx, subscription, payment);
  await record(tx, subscriptionRenewed(subscription.id, { from, ...toldPeriod(subscription) }));
  await tellRenewed(tx, subscription, payment);
}

/** What a paid period brings. */
async function attach(tx: Tx, subscription: Subscription, payment: Payment): Promise<void> {
  payment.subscriptionId = subscription.id;
  payment.periodStart = subscription.periodStart;
  subscription.previousPaymentId = payment.providerPaymentId;
  subscription.dueAt = dueWhilePaid(subscription, tx.clock.now());
  await beginPeriod(tx, subscription);
}

/** Has a card that was verified renew the subscription; what is due is tried at once. */
export async function changeCard(
  tx: Tx,
  { subscriptionId, providerPaymentId }: Payment,
  instrument: Instrument | null,
): Promise<void> {
  const subscription = subscriptionId === null ? null : await findSubscription(tx, subscriptionId);
  if (!subscription || !instrument || subscription.state === SubscriptionState.EXPIRED) return;
  useCard(subscription, instrument);
  // What its payer has agreed to with this card.
  subscription.previousPaymentId = providerPaymentId;
  const now = tx.clock.now();
  const isDue = subscription.state !== SubscriptionState.CANCELLED && subscription.periodEnd <= now;
  subscription.dueAt = isDue ? now : dueWhilePaid(subscription, now);
  await record(tx, subscriptionCardChanged(subscription.id, {}));
}

/**
 * A dispute that had ended a month which still goes on was won: it goes on for the rest of it, and ends then where it had
 * been cancelled.
 */
export async function reopen(tx: Tx, subscription: Subscription): Promise<void> {
  const { state: from, endedBy, cancelledAt, periodEnd } = subscription;
  const now = tx.clock.now();
  // What ended otherwise, as by an operator or with its account, stays so.
  if (endedBy !== 'REFUNDED' || tx.unit.account.isClosed || periodEnd <= now || (await findLive(tx))) return;
  await move(tx, subscription, SubscriptionState.ACTIVE, {
    cancelledAt: null,
    endedAt: null,
    endedBy: null,
    dueAt: periodEnd,
  });
  if (cancelledAt) await move(tx, subscription, SubscriptionState.CANCELLED, { cancelledAt, dueAt: periodEnd });
  subscription.dueAt = dueWhilePaid(subscription, now);
  await tx.flush();
  await changePlan(tx, Tier.PRO);
  await record(tx, subscriptionRenewed(subscription.id, { from, ...toldPeriod(subscription) }));
}
