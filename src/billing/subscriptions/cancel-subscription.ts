import { type Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import { record } from '../../activity/index.js';
import { subscriptionCancelled, subscriptionResumed } from '../../events/billing.js';
import type { Context, Tx } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { transaction } from '../../kernel/transaction.js';
import { dueWhilePaid } from './dunning.js';
import { expire, move } from './move-subscription.js';
import { findLive } from './subscription-store.js';

export const cancelSubscriptionErrors: DeclaredErrors = { CONFLICT: 'there is none, or it was cancelled already' };

/** Ends Pro with the period that is paid for; at once where none is. Nothing is paid back. */
export async function cancelSubscription(ctx: Context): Promise<void> {
  await transaction(ctx, async (tx) => {
    const live = await findLive(tx);
    if (!live) throw new AppError('CONFLICT', 'There is no subscription to cancel.');
    if (live.state === SubscriptionState.CANCELLED) throw new AppError('CONFLICT', 'It was cancelled already.');
    await cancel(tx, live);
  });
}

/** The same for one that is not cancelled. */
async function cancel(tx: Tx, subscription: Subscription): Promise<void> {
  await record(tx, subscriptionCancelled(subscription.id, {}));
  if (subscription.state !== SubscriptionState.ACTIVE) return expire(tx, subscription, 'CANCELLED');
  const { periodEnd: dueAt } = subscription;
  await move(tx, subscription, SubscriptionState.CANCELLED, { cancelledAt: tx.clock.now(), dueAt });
}

export const resumeSubscriptionErrors: DeclaredErrors = {
  CONFLICT: 'it was not cancelled, its period is over, or there is no card that could renew it',
};

/** Has a subscription that was cancelled renew itself again, as long as its period goes on. */
export async function resumeSubscription(ctx: Context): Promise<void> {
  await transaction(ctx, async (tx) => {
    const live = await findLive(tx);
    if (live?.state !== SubscriptionState.CANCELLED || live.periodEnd <= tx.clock.now())
      throw new AppError('CONFLICT', 'There is no cancelled subscription that could go on.');
    if (live.instrumentId === null)
      throw new AppError('CONFLICT', 'There is no card that could renew it: pay for Pro when it has ended.');
    await move(tx, live, SubscriptionState.ACTIVE, { cancelledAt: null });
    live.dueAt = dueWhilePaid(live, tx.clock.now());
    await record(tx, subscriptionResumed(live.id, {}));
  });
}
