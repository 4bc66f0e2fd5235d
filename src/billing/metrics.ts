import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { creditPlaces } from '../../entities/billing/credit-difference.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { PaymentPurpose } from '../../entities/billing/payment.js';
import { SubscriptionState } from '../../entities/billing/subscription.js';
import { defineCounter } from '../kernel/metrics.js';

/** `kind="SPEND"` is what was spent. */
export const creditsBooked = defineCounter('credits_total', 'Credits in lines of the ledger, without their sign.', {
  kind: Object.values(CreditEntryKind),
  bucket: Object.values(CreditBucketName),
});

export const creditDifferences = defineCounter(
  'credit_differences_total',
  'Balances that the nightly reconciliation found to differ from their ledger.',
  { place: creditPlaces },
);

export const subscriptionMovesCounted = defineCounter(
  'subscription_moves_total',
  'Subscriptions that moved from one state to another.',
  { from: Object.values(SubscriptionState), to: Object.values(SubscriptionState) },
);

export const paymentsEnded = defineCounter(
  'payments_total',
  'Payments by how they ended; `surplus` is what was paid twice and goes back.',
  { purpose: Object.values(PaymentPurpose), outcome: ['succeeded', 'surplus', 'failed', 'expired'] },
);

export const paymentEvents = defineCounter(
  'payment_events_total',
  'What payment providers have told us, by what became of it; `refused` was signed by nobody whom we know.',
  { outcome: ['received', 'repeated', 'processed', 'unknown', 'quarantined', 'failed', 'refused'] },
);

export const paymentQuestions = defineCounter(
  'payment_provider_requests_total',
  'What we asked of payment providers, and whether they answered.',
  { what: ['page', 'charge', 'look', 'refund', 'cancel'], outcome: ['answered', 'failed'] },
);
