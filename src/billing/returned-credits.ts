import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { sendStatement, type Tx } from '../kernel/context.js';
import type { Ledger } from './ledger.js';

/** Credits of the plan that a new paid period takes over at most (spec, section 8). */
export const maxCarriedOver = 50;

/** Credits that come back to the bucket that they were taken from. */
export interface Returning {
  readonly bucket: CreditBucketName;
  readonly amount: number;
  /** When they would have expired in the bucket; null where time does not do that. */
  readonly expiresAt: Date | null;
  /** When they were taken. */
  readonly takenAt: Date;
}

/**
 * How many of the credits that come back expire at once: those of a day that is over, and those of a paid period that is
 * over, as far as the next one has no room to take them over. It is the same as if they had never been taken.
 */
export async function expiringOf(tx: Tx, { buckets }: Ledger, returning: Returning): Promise<number> {
  const { bucket, amount, expiresAt, takenAt } = returning;
  if (expiresAt !== null && expiresAt <= tx.clock.now()) return amount;
  const known = buckets.get(bucket);
  if (bucket !== CreditBucketName.SUBSCRIPTION || !known?.renewedAt || takenAt >= known.renewedAt) return 0;
  const kept = Math.min(amount, maxCarriedOver - known.carried);
  await sendStatement(
    tx,
    `update billing.credit_bucket set carried = carried + $2 where account_id = $1 and bucket = 'SUBSCRIPTION'`,
    [tx.unit.account.id, kept],
  );
  return amount - kept;
}
