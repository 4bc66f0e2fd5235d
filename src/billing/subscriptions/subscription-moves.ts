import { SubscriptionState } from '../../../entities/billing/subscription.js';

const { ACTIVE, PAST_DUE, GRACE_PERIOD, CANCELLED, EXPIRED } = SubscriptionState;

/**
 * Where a subscription may move (spec, section 10). A trigger of the table holds the same, and a law compares them.
 *
 * An operator may take away one that is paid for, and so does a refund: ACTIVE to EXPIRED. Whoever cancels what is not
 * paid has nothing left to keep: PAST_DUE and GRACE_PERIOD to EXPIRED. Money that comes late makes it ACTIVE again.
 */
export const subscriptionMoves: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  [ACTIVE]: [PAST_DUE, CANCELLED, EXPIRED],
  [PAST_DUE]: [ACTIVE, GRACE_PERIOD, EXPIRED],
  [GRACE_PERIOD]: [ACTIVE, EXPIRED],
  [CANCELLED]: [ACTIVE, EXPIRED],
  [EXPIRED]: [ACTIVE],
};
