import { SubscriptionState } from '../../../entities/billing/subscription.js';
import { currency, proCents } from '../prices.js';
import type { SubscriptionRow } from '../read-billing.js';

/** What will be charged next. */
export interface Upcoming {
  readonly amountCents: number;
  readonly currency: string;
  readonly at: Date | string;
}

/** What a subscription will charge next, and when: null for none, one that ends, and one whose card is refused for good. */
export function upcomingOf(subscription: SubscriptionRow | null): Upcoming | null {
  if (!subscription || subscription.needsNewCard || subscription.dueAt === null || subscription.instrumentId === null)
    return null;
  const { state, periodEnd, dueAt } = subscription;
  if (state === SubscriptionState.ACTIVE) return { amountCents: proCents, currency, at: periodEnd };
  return state === SubscriptionState.PAST_DUE ? { amountCents: proCents, currency, at: dueAt } : null;
}
