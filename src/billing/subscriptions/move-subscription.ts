import { Tier } from '../../../entities/accounts/account.js';
import { type ExpiryReason, type Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import { record } from '../../activity/index.js';
import { subscriptionExpired, subscriptionGraceStarted, subscriptionPastDue } from '../../events/billing.js';
import type { Tx } from '../../kernel/context.js';
import { count } from '../../kernel/metrics.js';
import { changePlan } from '../change-plan.js';
import { subscriptionMovesCounted } from '../metrics.js';
import { tellExpired, tellOfGrace } from '../notices.js';
import { graceMs } from './dunning.js';
import { subscriptionMoves } from './subscription-moves.js';

/** What goes with a state, as constraints of the table have it. */
type OfState = Partial<Pick<Subscription, 'cancelledAt' | 'graceEndsAt' | 'endedAt' | 'endedBy' | 'dueAt'>>;

/**
 * Moves a subscription as the rules allow. Each move is written by itself: the table refuses what is none, such as two in
 * one. @throws Error for a move that the rules do not know
 */
export async function move(
  tx: Tx,
  subscription: Subscription,
  to: SubscriptionState,
  ofState: OfState = {},
): Promise<void> {
  const { state: from } = subscription;
  if (from !== to && !subscriptionMoves[from].includes(to))
    throw new Error(`A subscription does not move from ${from} to ${to}.`);
  await tx.flush();
  Object.assign(subscription, { state: to }, ofState);
  if (from === to) return;
  count(tx, subscriptionMovesCounted, { from, to });
}

/** Its period is over and was not renewed. */
export async function becomePastDue(tx: Tx, subscription: Subscription): Promise<void> {
  await move(tx, subscription, SubscriptionState.PAST_DUE);
  await record(tx, subscriptionPastDue(subscription.id, { failedPayments: subscription.failedPayments }));
}

/** Nothing was paid in all attempts: it goes on for the grace period. */
export async function beginGrace(tx: Tx, subscription: Subscription): Promise<void> {
  const graceEndsAt = new Date(tx.clock.now().getTime() + graceMs);
  await move(tx, subscription, SubscriptionState.GRACE_PERIOD, { graceEndsAt, dueAt: graceEndsAt });
  await record(tx, subscriptionGraceStarted(subscription.id, { graceEndsAt: graceEndsAt.toISOString() }));
  await tellOfGrace(tx, subscription);
}

/** Ends it: the account is on the free plan, and keeps all that it has. Nothing that is paid late takes back what was cancelled. */
export async function expire(tx: Tx, subscription: Subscription, reason: ExpiryReason): Promise<void> {
  const now = tx.clock.now();
  const isCancelled = reason === 'CANCELLED' || reason === 'OPERATOR';
  const cancelledAt = subscription.cancelledAt ?? (isCancelled ? now : null);
  await move(tx, subscription, SubscriptionState.EXPIRED, {
    endedAt: now,
    endedBy: reason,
    dueAt: null,
    graceEndsAt: null,
    cancelledAt,
  });
  await changePlan(tx, Tier.FREE);
  await record(tx, subscriptionExpired(subscription.id, { reason }));
  await tellExpired(tx, subscription);
}
