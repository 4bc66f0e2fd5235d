import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { type Context, runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { transaction } from '../kernel/transaction.js';
import { openLedger } from './ledger.js';

/** Credits of one correction: what is more is a slip. */
export const maxAdjustment = 1_000_000;

/** A correction by hand. */
export interface CreditAdjustment {
  readonly bucket: CreditBucketName;
  /** Credits to add, at most a million; negative to take away. */
  readonly amount: number;
  /** What the history says. */
  readonly reason: string;
  /** Unique per account: the second time nothing happens. */
  readonly key: string;
}

/**
 * Corrects the caller's balance through the ledger. Nothing that clients can reach calls it. False when the key's
 * correction was booked before.
 * @throws CONFLICT when the key is that of another line; INSUFFICIENT_CREDITS with `required` and `available` when the
 * bucket has fewer than are to be taken away
 */
export async function adjustCredits(ctx: Context, adjustment: CreditAdjustment): Promise<boolean> {
  const { amount, bucket } = adjustment;
  if (!Number.isInteger(amount) || amount === 0 || Math.abs(amount) > maxAdjustment)
    throw new RangeError(`A correction is of whole credits, ${maxAdjustment} at most.`);
  return transaction(ctx, async (tx) => {
    if (await isKnown(tx, adjustment)) return false;
    const ledger = await openLedger(tx);
    const available = ledger.buckets.get(bucket)?.balance ?? 0;
    if (available + amount < 0) {
      const details = { required: -amount, available };
      throw new AppError('INSUFFICIENT_CREDITS', `There are only ${available} credits in ${bucket}.`, details);
    }
    await ledger.book([{ ...adjustment, kind: CreditEntryKind.ADJUST }]);
    return true;
  });
}

/** Whether this very correction was booked before. @throws CONFLICT when the key is that of another line */
async function isKnown(tx: Tx, { bucket, amount, key }: CreditAdjustment): Promise<boolean> {
  const [known] = await runStatement<{ isSame: boolean }>(
    tx,
    `select kind = 'ADJUST' and bucket = $3 and amount = $4 as "isSame" from billing.credit_entry
     where account_id = $1 and key = $2`,
    [tx.unit.account.id, key, bucket, amount],
  );
  if (known?.isSame === false) throw new AppError('CONFLICT', `Another line of the ledger has the key ${key}.`);
  return known !== undefined;
}
