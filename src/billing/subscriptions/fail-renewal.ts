import type { Payment } from '../../../entities/billing/payment.js';
import { SubscriptionState } from '../../../entities/billing/subscription.js';
import type { ProviderPayment, Tx } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { tellFailed } from '../notices.js';
import { maxAttempts } from './dunning.js';
import { becomePastDue, beginGrace } from './move-subscription.js';
import { findSubscription } from './subscription-store.js';

/** What a renewal that was refused means for its subscription, unless that is paid or over. */
export async function failRenewal(tx: Tx, payment: Payment, { decline }: ProviderPayment): Promise<void> {
  const { subscriptionId, periodStart, instrumentId } = payment;
  const subscription = subscriptionId === null ? null : await findSubscription(tx, subscriptionId);
  if (!subscription || periodStart === null || subscription.periodStart >= periodStart) return;
  const { EXPIRED, CANCELLED, ACTIVE, PAST_DUE } = SubscriptionState;
  if (subscription.state === EXPIRED || subscription.state === CANCELLED) return;
  subscription.failedPayments += 1;
  if (decline?.advice === 'NEVER' && subscription.instrumentId === instrumentId) subscription.needsNewCard = true;
  if (subscription.state === ACTIVE) await becomePastDue(tx, subscription);
  const isLast = subscription.state === PAST_DUE && subscription.failedPayments >= maxAttempts;
  if (isLast) return beginGrace(tx, subscription);
  const isTriedAgain =
    subscription.state === PAST_DUE && !subscription.needsNewCard && subscription.instrumentId === instrumentId;
  // Else what comes next goes by the rules, and is found at once.
  subscription.dueAt = isTriedAgain ? new Date(payment.createdAt.getTime() + dayMs) : tx.clock.now();
  await tellFailed(tx, subscription, payment);
}
