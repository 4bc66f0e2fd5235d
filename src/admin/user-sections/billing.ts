import { listPayments, type PaymentRow, readBilling, type SubscriptionRow } from '../../billing/index.js';
import { listOf, momentOf, tableOf } from '../print.js';
import type { UserSection } from '../user-section.js';

/** Payments of one person that are shown. */
const maxShown = 20;

export const billing: UserSection = {
  name: 'billing',
  read: async ({ ctx }) => {
    const [{ tier, subscription }, { edges }] = await Promise.all([
      readBilling(ctx),
      listPayments(ctx, { first: maxShown }),
    ]);
    const payments = edges.map(({ node }) => paymentOf(node));
    const rows = payments.map((each) => [
      ...[each.createdAt, each.reference, each.purpose, each.state, each.amountCents],
      ...[each.refundedCents + each.disputedCents, each.declineCode, each.retryAt],
    ]);
    const headings = ['since', 'reference', 'what', 'state', 'cents', 'gone back', 'declined', 'tried again'];
    const data = { tier, ...subscriptionOf(subscription), payments };
    const { payments: _, ...facts } = data;
    return { data, text: `${listOf(Object.entries(facts))}\n\n${tableOf(headings, rows, 'no payments', maxShown)}` };
  },
};

function subscriptionOf(subscription: SubscriptionRow | null) {
  if (!subscription) return { state: null };
  const { state, failedPayments, needsNewCard, cardScheme, cardLastFour } = subscription;
  return {
    ...{ state, periodEnd: momentOf(subscription.periodEnd), failedPayments },
    // When it is renewed, tried again, or over.
    nextAt: momentOf(subscription.dueAt),
    graceEndsAt: momentOf(subscription.graceEndsAt),
    card:
      cardLastFour === null
        ? null
        : `${cardScheme} ${cardLastFour}, good until ${momentOf(subscription.cardGoodUntil)}`,
    needsNewCard,
  };
}

function paymentOf({ reference, purpose, state, ...payment }: PaymentRow) {
  const { amountCents, refundedCents, disputedCents, isSurplus, declineCode } = payment;
  return {
    ...{ reference, purpose, state, amountCents, refundedCents, disputedCents, isSurplus, declineCode },
    ...{ retryAt: momentOf(payment.retryAt), createdAt: momentOf(payment.createdAt) },
  };
}
