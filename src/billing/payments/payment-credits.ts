import { CreditBucketName } from '../../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../../entities/billing/credit-entry.js';
import { type Payment, PaymentPurpose } from '../../../entities/billing/payment.js';
import { runStatement, type Tx } from '../../kernel/context.js';
import { openLedger } from '../ledger.js';
import { dollars } from '../prices.js';
import { creditsAPeriod, keyOfGrant } from '../renew-subscription-credits.js';
import { periodName } from '../subscriptions/periods.js';

const keyOfPack = (paymentId: string) => `payment:${paymentId}:grant`;

/** Grants the credits of a pack that was paid. */
export async function grantPack(tx: Tx, { id, credits, amountCents }: Payment): Promise<void> {
  const ledger = await openLedger(tx);
  await ledger.book([
    {
      kind: CreditEntryKind.GRANT,
      bucket: CreditBucketName.PURCHASED,
      amount: credits ?? 0,
      reason: `Bought for ${dollars(amountCents)}`,
      key: keyOfPack(id),
    },
  ]);
}

/**
 * Brings the credits of a payment to how much of it went back to its payer: takes away the same share of them, as far as
 * they are there, and gives them back when a dispute was won. Never below zero.
 */
export async function takeBackCredits(tx: Tx, payment: Payment): Promise<void> {
  const { amountCents, refundedCents, disputedCents, purpose } = payment;
  const isPack = purpose === PaymentPurpose.CREDITS;
  const granted = isPack ? (payment.credits ?? 0) : creditsAPeriod;
  const goneCents = Math.min(amountCents, refundedCents + disputedCents);
  const missing = Math.ceil((granted * goneCents) / amountCents) - payment.takenBack;
  if (missing === 0) return;
  const ledger = await openLedger(tx);
  const bucket = isPack ? CreditBucketName.PURCHASED : CreditBucketName.SUBSCRIPTION;
  const balance = ledger.buckets.get(bucket)?.balance ?? 0;
  const left = balance - Math.max(0, await addedSince(tx, payment));
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

/**
 * Credits that came into the bucket behind those of a payment, and are spent behind them: later packs without what went back
 * of them, and what operators gave.
 */
async function addedSince(tx: Tx, payment: Payment): Promise<number> {
  const { id, subscriptionId, periodStart } = payment;
  const granted =
    subscriptionId !== null && periodStart !== null
      ? keyOfGrant(periodName(subscriptionId, periodStart))
      : keyOfPack(id);
  const [row] = await runStatement<{ amount: number }>(
    tx,
    `select coalesce(sum(later.amount), 0)::int as amount from billing.credit_entry granted
       join billing.credit_entry later on later.account_id = granted.account_id and later.number > granted.number
       left join billing.credit_entry theirs on theirs.account_id = later.account_id
         and theirs.key = regexp_replace(later.key, ':back:.*$', ':grant')
     where granted.account_id = $1 and granted.key = $2 and later.bucket = granted.bucket
       and later.kind in ('GRANT', 'ADJUST') and later.key not like $3
       and (later.key not like '%:back:%' or theirs.number > granted.number)`,
    [tx.unit.account.id, granted, `payment:${id}:%`],
  );
  return row?.amount ?? 0;
}
