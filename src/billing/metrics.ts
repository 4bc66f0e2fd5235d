import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { defineCounter } from '../kernel/metrics.js';

/** `kind="SPEND"` is what was spent. */
export const creditsBooked = defineCounter('credits_total', 'Credits in lines of the ledger, without their sign.', {
  kind: Object.values(CreditEntryKind),
  bucket: Object.values(CreditBucketName),
});
