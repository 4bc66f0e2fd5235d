import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import type { Context } from '../kernel/context.js';
import { transaction } from '../kernel/transaction.js';
import { openLedger } from './ledger.js';

/** Credits of one correction: what is more is a slip. */
const maxAmount = 1_000_000;

/** A correction by hand. */
export interface CreditAdjustment {
  readonly bucket: CreditBucketName;
  /** Credits to add, at most a million; negative to take away. */
  readonly amount: number;
  /** What the history says. */
  readonly reason: string;
  /** Unique per account: the database refuses the second one. */
  readonly key: string;
}

/** Corrects the caller's balance through the ledger. Nothing that clients can reach calls it. */
export async function adjustCredits(ctx: Context, adjustment: CreditAdjustment): Promise<void> {
  const { amount } = adjustment;
  if (!Number.isInteger(amount) || amount === 0 || Math.abs(amount) > maxAmount)
    throw new RangeError(`A correction is of whole credits, ${maxAmount} at most.`);
  await transaction(ctx, async (tx) => {
    const ledger = await openLedger(tx);
    await ledger.book([{ ...adjustment, kind: CreditEntryKind.ADJUST }]);
  });
}
