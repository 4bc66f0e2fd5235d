import { Tier } from '../../../entities/accounts/account.js';
import type { Subscription } from '../../../entities/billing/subscription.js';
import type { Tx } from '../../kernel/context.js';
import { changePlan } from '../change-plan.js';
import { renewSubscriptionCredits } from '../renew-subscription-credits.js';
import { periodName } from './periods.js';

/** Gives the account what the period of a subscription brings: the plan, and its credits once. */
export async function beginPeriod(tx: Tx, { id, periodStart }: Subscription): Promise<void> {
  await tx.flush();
  await changePlan(tx, Tier.PRO);
  await renewSubscriptionCredits(tx, periodName(id, periodStart));
}
