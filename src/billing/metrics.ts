import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { creditPlaces } from '../../entities/billing/credit-difference.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
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
