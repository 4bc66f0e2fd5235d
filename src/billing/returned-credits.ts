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
  /** The paid period in which they were taken. */
  readonly period: number;
}

/**
 * How many of the credits that come back expire at once: those of a day that is over, and those of a paid period that is
 * over, as far as the next one has no room to take them over: it is the same as if they had never been taken. Over more
 * than one renewal nothing is taken over. The ledger's own order decides, and no clock: those of two processes differ.
 */
export async function expiringOf(tx: Tx, { buckets }: Ledger, returning: Returning): Promise<number> {
  const { bucket, amount, expiresAt, period } = returning;
  const known = buckets.get(bucket);
  if (expiresAt !== null && known?.expiresAt && expiresAt < known.expiresAt) return amount;
  if (bucket !== CreditBucketName.SUBSCRIPTION || !known || period === known.period) return 0;
  if (period < known.period - 1) return amount;
  const kept = Math.min(amount, maxCarriedOver - known.carried);
  await addCarried(tx, kept);
  return amount - kept;
}

/** Counts credits that the paid period takes over; below zero, those that have gone with their money and leave their room. */
export async function addCarried(tx: Tx, credits: number): Promise<void> {
  await sendStatement(
    tx,
    `update billing.credit_bucket set carried = greatest(carried + $2, 0) where account_id = $1 and bucket = 'SUBSCRIPTION'`,
    [tx.unit.account.id, credits],
  );
}
