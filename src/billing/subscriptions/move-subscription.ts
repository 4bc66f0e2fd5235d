import { Tier } from '../../../entities/accounts/account.js';
import { type Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import { record } from '../../activity/index.js';
import {
  type ExpiryReason,
  subscriptionExpired,
  subscriptionGraceStarted,
  subscriptionPastDue,
} from '../../events/billing.js';
import type { Tx } from '../../kernel/context.js';
import { count } from '../../kernel/metrics.js';
import { changePlan } from '../change-plan.js';
import { subscriptionMovesCounted } from '../metrics.js';
import { tellExpired, tellOfGrace } from '../notices.js';
import { graceMs } from './dunning.js';
import { subscriptionMoves } from './subscription-moves.js';

/** Moves a subscription as the rules allow. @throws Error for a move that they do not know */
export function move(tx: Tx, subscription: Subscription, to: SubscriptionState): void {
  const { state: from } = subscription;
  if (from === to) return;
  if (!subscriptionMoves[from].includes(to)) throw new Error(`A subscription does not move from ${from} to ${to}.`);
  subscription.state = to;
  count(tx, subscriptionMovesCounted, { from, to });
}

/** Its period is over and was not renewed. */
export async function becomePastDue(tx: Tx, subscription: Subscription): Promise<void> {
  move(tx, subscription, SubscriptionState.PAST_DUE);
  await record(tx, subscriptionPastDue(subscription.id, { failedPayments: subscription.failedPayments }));
}

/** Nothing was paid in all attempts: it goes on for the grace period. */
export async function beginGrace(tx: Tx, subscription: Subscription): Promise<void> {
  const graceEndsAt = new Date(tx.clock.now().getTime() + graceMs);
  move(tx, subscription, SubscriptionState.GRACE_PERIOD);
  subscription.graceEndsAt = graceEndsAt;
  subscription.dueAt = graceEndsAt;
  await record(tx, subscriptionGraceStarted(subscription.id, { graceEndsAt: graceEndsAt.toISOString() }));
  await tellOfGrace(tx, subscription);
}

/** Ends it: the account is on the free plan, and keeps all that it has. */
export async function expire(tx: Tx, subscription: Subscription, reason: ExpiryReason): Promise<void> {
  move(tx, subscription, SubscriptionState.EXPIRED);
  Object.assign(subscription, { endedAt: tx.clock.now(), dueAt: null, graceEndsAt: null });
  await changePlan(tx, Tier.FREE);
  await record(tx, subscriptionExpired(subscription.id, { reason }));
  await tellExpired(tx, subscription);
}
