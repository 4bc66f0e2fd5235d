import { CreditBucketName } from '../../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../../entities/billing/credit-entry.js';
import { Payment, PaymentPurpose, PaymentState } from '../../../entities/billing/payment.js';
import type { Tx } from '../../kernel/context.js';
import { openLedger } from '../ledger.js';
import { dollars } from '../prices.js';
import { creditsAPeriod } from '../renew-subscription-credits.js';

/** Grants the credits of a pack that was paid. */
export async function grantPack(tx: Tx, { id, credits, amountCents }: Payment): Promise<void> {
  const ledger = await openLedger(tx);
  await ledger.book([
    {
      kind: CreditEntryKind.GRANT,
      bucket: CreditBucketName.PURCHASED,
      amount: credits ?? 0,
      reason: `Bought for ${dollars(amountCents)}`,
      key: `payment:${id}:grant`,
    },
  ]);
}

/**
 * Brings the credits of a payment to how much of it went back to its payer: takes away the same share of them, as far as
 * they are there, and gives them back when a dispute was won. Never below zero.
 * @param isPeriodOver whether the period that it paid for has ended, and with it what is left of its credits
 */
export async function takeBackCredits(tx: Tx, payment: Payment, isPeriodOver: boolean): Promise<void> {
  const { amountCents, refundedCents, disputedCents, purpose } = payment;
  const granted = purpose === PaymentPurpose.CREDITS ? (payment.credits ?? 0) : isPeriodOver ? 0 : creditsAPeriod;
  const goneCents = Math.min(amountCents, refundedCents + disputedCents);
  const wanted = Math.ceil((granted * goneCents) / amountCents);
  const missing = wanted - payment.takenBack;
  if (missing === 0 || isPeriodOver) return;
  const ledger = await openLedger(tx);
  const bucket = purpose === PaymentPurpose.CREDITS ? CreditBucketName.PURCHASED : CreditBucketName.SUBSCRIPTION;
  const balance = ledger.buckets.get(bucket)?.balance ?? 0;
  const left = purpose === PaymentPurpose.CREDITS ? balance - (await boughtSince(tx, payment)) : balance;
  const taken = missing > 0 ? Math.min(missing, Math.max(0, left)) : missing;
  if (taken === 0) return;
  payment.takenBack += taken;
  await ledger.book([
    {
      kind: CreditEntryKind.ADJUST,
      bucket,
      amount: -taken,
      reason: taken > 0 ? `Refund of ${dollars(goneCents)}` : 'The payment stands again',
      key: `payment:${payment.id}:back:${payment.looks}`,
    },
  ]);
}

/** Credits that were bought after those of a payment, which are spent before them. */
async function boughtSince(tx: Tx, { id, succeededAt }: Payment): Promise<number> {
  const later = await tx.entities().find(Payment, {
    accountId: tx.unit.account.id,
    purpose: PaymentPurpose.CREDITS,
    state: PaymentState.SUCCEEDED,
    isSurplus: false,
    succeededAt: { $gte: succeededAt },
    id: { $ne: id },
  });
  const isLater = (other: Payment) => (other.succeededAt ?? 0) > (succeededAt ?? 0) || other.id > id;
  return later.filter(isLater).reduce((sum, { credits, takenBack }) => sum + (credits ?? 0) - takenBack, 0);
}
