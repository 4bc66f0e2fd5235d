import { CreditBucketName } from '../../entities/billing/credit-bucket.js';

/** What is lost soonest is spent first. */
const spendingOrder = [
  CreditBucketName.DAILY,
  CreditBucketName.SUBSCRIPTION,
  CreditBucketName.PURCHASED,
  CreditBucketName.KICKSTART,
];

/** Buckets, or parts of them, in the order in which they are spent. */
export function inSpendingOrder<Part extends { readonly bucket: CreditBucketName }>(parts: readonly Part[]): Part[] {
  return parts.toSorted((a, b) => spendingOrder.indexOf(a.bucket) - spendingOrder.indexOf(b.bucket));
}
