import { Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import { record } from '../../activity/index.js';
import { subscriptionCancelled, subscriptionCreated, subscriptionRenewed } from '../../events/billing.js';
import { newId, type Tx } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { AppError } from '../../kernel/errors.js';
import { tellActivated } from '../notices.js';
import { beginPeriod } from './begin-period.js';
import { expire, move } from './move-subscription.js';
import { toldPeriod } from './periods.js';
import { findLive } from './subscription-store.js';

/** What is further away than this is a slip of whoever typed it. */
const maxGivenYears = 10;

/**
 * Gives the transaction's account Pro until a moment, for an operator: with the credits of one period, without a card, so
 * that it ends then. One that is paid for goes on until that moment and is not renewed any more.
 * @throws CONFLICT when it is not in the future, more than ten years away, or sooner than what is paid for ends
 */
export async function givePro(tx: Tx, until: Date): Promise<void> {
  const now = tx.clock.now();
  if (until <= now) throw new AppError('CONFLICT', 'Pro can only be given until a moment that is to come.');
  if (until.getTime() > now.getTime() + maxGivenYears * 366 * dayMs)
    throw new AppError('CONFLICT', `Pro can be given for ${maxGivenYears} years at most.`);
  const live = await findLive(tx);
  if (live) return prolong(tx, live, until);
  const subscription = new Subscription({
    id: newId(tx.clock),
    accountId: tx.unit.account.id,
    product: 'PRO',
    state: SubscriptionState.CANCELLED,
    // Should it be resumed, its months begin then.
    anchor: until,
    periodStart: now,
    periodEnd: until,
    cancelledAt: now,
    dueAt: until,
    createdAt: now,
  });
  tx.entities().persist(subscription);
  await beginPeriod(tx, subscription);
  await record(tx, subscriptionCreated(subscription.id, { product: 'PRO', ...toldPeriod(subscription) }));
  await tellActivated(tx, subscription);
}

async function prolong(tx: Tx, subscription: Subscription, until: Date): Promise<void> {
  if (until < subscription.periodEnd)
    throw new AppError('CONFLICT', 'Pro goes on for longer than that: end it first, then give it anew.');
  const { state: from, cancelledAt } = subscription;
  const now = tx.clock.now();
  const isUnpaid = from === SubscriptionState.PAST_DUE || from === SubscriptionState.GRACE_PERIOD;
  if (isUnpaid) await move(tx, subscription, SubscriptionState.ACTIVE, { graceEndsAt: null, cancelledAt: null });
  await move(tx, subscription, SubscriptionState.CANCELLED, { cancelledAt: cancelledAt ?? now });
  // A period of its own: what was paid for the one before may go back, and takes nothing of this one.
  Object.assign(subscription, { anchor: until, periodStart: now, periodEnd: until, dueAt: until, failedPayments: 0 });
  // The credits of what nobody has paid were not granted.
  if (isUnpaid) await beginPeriod(tx, subscription);
  await record(tx, subscriptionRenewed(subscription.id, { from, ...toldPeriod(subscription) }));
  if (from !== SubscriptionState.CANCELLED) await record(tx, subscriptionCancelled(subscription.id, {}));
}

/** Ends Pro of the transaction's account at once, for an operator. @throws CONFLICT when there is none */
export async function endPro(tx: Tx): Promise<void> {
  const live = await findLive(tx);
  if (!live) throw new AppError('CONFLICT', 'There is no subscription to end.');
  await expire(tx, live, 'OPERATOR');
}
