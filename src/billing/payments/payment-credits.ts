import { CreditBucketName } from '../../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../../entities/billing/credit-entry.js';
import { Payment, PaymentPurpose } from '../../../entities/billing/payment.js';
import { newId, runStatement, type Tx } from '../../kernel/context.js';
import { type Ledger, openLedger } from '../ledger.js';
import { dollars } from '../prices.js';
import { creditsAPeriod, keysOfPeriod } from '../renew-subscription-credits.js';
import { expiringOf } from '../returned-credits.js';
import { periodName } from '../subscriptions/periods.js';

/** The credits of a payment in the ledger. */
interface Granted {
  readonly bucket: CreditBucketName;
  readonly credits: number;
  /** With what the keys of its lines begin: `…:grant`, and `…:back:…` of what is taken away and given back. */
  readonly keys: string;
}

function grantedBy({ id, purpose, credits, subscriptionId, periodStart }: Payment): Granted {
  if (purpose === PaymentPurpose.CREDITS)
    return { bucket: CreditBucketName.PURCHASED, credits: credits ?? 0, keys: `payment:${id}:` };
  if (subscriptionId === null || periodStart === null) throw new Error('No credits were granted for this payment.');
  const keys = keysOfPeriod(periodName(subscriptionId, periodStart));
  return { bucket: CreditBucketName.SUBSCRIPTION, credits: creditsAPeriod, keys };
}

/** Grants the credits of a pack that was paid. */
export async function grantPack(tx: Tx, payment: Payment): Promise<void> {
  const ledger = await openLedger(tx);
  const { bucket, credits, keys } = grantedBy(payment);
  const reason = `Bought for ${dollars(payment.amountCents)}`;
  await ledger.book([{ kind: CreditEntryKind.GRANT, bucket, amount: credits, reason, key: `${keys}grant` }]);
}

/** Takes what was held when the money for it went back, wherever held or spent credits return. */
export async function takeBackReturned(tx: Tx): Promise<void> {
  const wentBack = { $or: [{ refundedCents: { $gt: 0 } }, { disputedCents: { $gt: 0 } }] };
  const of = { accountId: tx.unit.account.id, isSurplus: false };
  const payments = await tx.entities().find(Payment, { ...of, ...wentBack }, { orderBy: { id: 'asc' } });
  for (const payment of payments) await takeBackCredits(tx, payment);
}

/**
 * Brings the credits of a payment to how much of it went back to its payer: takes away the same share of them, as far as
 * they are there, and gives them back when a dispute was won. Never below zero.
 */
export async function takeBackCredits(tx: Tx, payment: Payment): Promise<void> {
  const { amountCents, refundedCents, disputedCents } = payment;
  const granted = grantedBy(payment);
  const goneCents = Math.min(amountCents, refundedCents + disputedCents);
  const missing = Math.ceil((granted.credits * goneCents) / amountCents) - payment.takenBack;
  if (missing === 0) return;
  const ledger = await openLedger(tx);
  const taken = missing > 0 ? Math.min(missing, await leftOf(tx, ledger, granted)) : missing;
  const change = taken > 0 ? -taken : await givenBack(tx, ledger, granted, -taken);
  payment.takenBack += taken;
  if (change === 0) return;
  const reason = change < 0 ? `Refund of ${dollars(goneCents)}` : 'The payment stands again';
  const { bucket, keys } = granted;
  const key = `${keys}back:${newId(tx.clock)}`;
  await ledger.book([{ kind: CreditEntryKind.ADJUST, bucket, amount: change, reason, key }]);
}

/**
 * How many of a payment's credits are there. They are spent before those that came into the bucket behind them: later months
 * and packs without what went back of them, and what operators gave.
 */
async function leftOf(tx: Tx, { buckets }: Ledger, { bucket, keys }: Granted): Promise<number> {
  const [row] = await runStatement<{ amount: number }>(
    tx,
    `select coalesce(sum(later.amount), 0)::int as amount from billing.credit_entry granted
       join billing.credit_entry later on later.account_id = granted.account_id and later.number > granted.number
       left join billing.credit_entry theirs on theirs.account_id = later.account_id
         and theirs.key = regexp_replace(later.key, ':back:.*$', ':grant')
     where granted.account_id = $1 and granted.key = $2 || 'grant' and later.bucket = granted.bucket
       and later.kind in ('GRANT', 'ADJUST') and not starts_with(later.key, $2)
       and (later.key not like '%:back:%' or theirs.number > granted.number)`,
    [tx.unit.account.id, keys],
  );
  const balance = buckets.get(bucket)?.balance ?? 0;
  return Math.max(0, balance - Math.max(0, row?.amount ?? 0));
}

/** How many of the credits that were taken come back: as many as would be there if they had been held since. */
async function givenBack(tx: Tx, ledger: Ledger, { bucket, keys }: Granted, amount: number): Promise<number> {
  const [row] = await runStatement<{ renewals: number }>(
    tx,
    `select count(*)::int as renewals from billing.credit_entry
     where account_id = $1 and bucket = $2 and kind = 'GRANT' and number > (
       select max(number) from billing.credit_entry where account_id = $1 and starts_with(key, $3 || 'back:'))`,
    [tx.unit.account.id, bucket, keys],
  );
  const period = (ledger.buckets.get(bucket)?.period ?? 0) - (row?.renewals ?? 0);
  return amount - (await expiringOf(tx, ledger, { bucket, amount, expiresAt: null, period }));
}
