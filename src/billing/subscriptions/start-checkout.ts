import { PaymentPurpose } from '../../../entities/billing/payment.js';
import { SubscriptionState } from '../../../entities/billing/subscription.js';
import type { Context, Tx } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { type Checkout, checkout, checkoutErrors } from '../payments/checkout.js';
import { beginPayment } from '../payments/payment-store.js';
import { proCents } from '../prices.js';
import { findLive } from './subscription-store.js';

export const startProCheckoutErrors: DeclaredErrors = {
  ...checkoutErrors,
  CONFLICT: 'Pro is paid for already, or was cancelled and can be resumed',
};

/**
 * Begins to pay for Pro: its first month, or the one that is due. The card is kept for renewals. Asked again while its page is
 * open, it is the same one.
 */
export function startProCheckout(ctx: Context): Promise<Checkout> {
  return checkout(ctx, PaymentPurpose.PRO, async (tx, [open]) => {
    await requireUnpaid(tx);
    return open ?? beginPayment(tx, { purpose: PaymentPurpose.PRO, amountCents: proCents });
  });
}

/** @throws CONFLICT */
async function requireUnpaid(tx: Tx): Promise<void> {
  const live = await findLive(tx);
  if (!live || (live.state !== SubscriptionState.CANCELLED && live.periodEnd <= tx.clock.now())) return;
  const isCancelled = live.state === SubscriptionState.CANCELLED;
  throw new AppError('CONFLICT', isCancelled ? 'Pro is still paid for: resume it.' : 'Pro is paid for already.');
}

export const updatePaymentMethodErrors: DeclaredErrors = {
  ...checkoutErrors,
  CONFLICT: 'there is nothing to be renewed',
};

/** Begins to change the card that renews Pro: the old one stays until the new one is verified. Nothing is charged for it. */
export function updatePaymentMethod(ctx: Context): Promise<Checkout> {
  return checkout(ctx, PaymentPurpose.CARD, async (tx, opened) => {
    const live = await findLive(tx);
    if (!live) throw new AppError('CONFLICT', 'There is no plan that is renewed.');
    const open = opened.find(({ subscriptionId }) => subscriptionId === live.id);
    return open ?? beginPayment(tx, { purpose: PaymentPurpose.CARD, amountCents: 0, subscriptionId: live.id });
  });
}
