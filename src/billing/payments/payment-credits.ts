import { CreditBucketName } from '../../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../../entities/billing/credit-entry.js';
import { Payment, PaymentPurpose } from '../../../entities/billing/payment.js';
import { newId, runStatement, type Tx } from '../../kernel/context.js';
import { readLots } from '../credit-lots.js';
import { type Ledger, openLedger } from '../ledger.js';
import { dollars } from '../prices.js';
import { creditsAPeriod, keysOfPeriod } from '../renew-subscription-credits.js';
import { addCarried, expiringOf } from '../returned-credits.js';
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
  const wentBack = { accountId: tx.unit.account.id, isSurplus: false, wentBackAt: { $ne: null } };
  const payments = await tx.entities().find(Payment, wentBack, { orderBy: { id: 'asc' } });
  for (const payment of payments) await takeBackCredits(tx, payment);
}

/**
 * Brings the credits of a payment to how much of it went back to its payer: takes away the same share of them, as far as
 * they are there, and gives them back when a dispute was won. Never below zero.
 */
export async function takeBackCredits(tx: Tx, payment: Payment): Promise<void> {
  const { amountCents, refundedCents, disputedCents } = payment;
  const granted = grantedBy(payment);
  const { bucket, keys } = granted;
  const goneCents = Math.min(amountCents, refundedCents + disputedCents);
  const missing = Math.ceil((granted.credits * goneCents) / amountCents) - payment.takenBack;
  if (missing === 0) return;
  const ledger = await openLedger(tx);
  const taken = missing > 0 ? Math.min(missing, (await readLots(tx, bucket)).freeOf(keys)) : missing;
  const change = taken > 0 ? -taken : await givenBack(tx, ledger, granted, -taken);
  payment.takenBack += taken;
  if (taken > 0 && (await isOver(tx, granted))) await addCarried(tx, -taken);
  if (change === 0) return;
  const what = change > 0 ? 'stands again' : refundedCents > 0 ? 'was refunded' : 'is disputed';
  const reason = `The payment of ${dollars(amountCents)} ${what}`;
  const key = `${keys}back:${newId(tx.clock)}`;
  await ledger.book([{ kind: CreditEntryKind.REFUND, bucket, amount: change, reason, key }]);
}

/** Whether the paid period has ended for which the credits were granted: what is there of them was taken over. */
async function isOver(tx: Tx, { bucket, keys }: Granted): Promise<boolean> {
  if (bucket !== CreditBucketName.SUBSCRIPTION) return false;
  const later = await runStatement(
    tx,
    `select from billing.credit_entry own join billing.credit_entry later using (account_id, bucket)
     where own.account_id = $1 and own.key = $2 || 'grant' and later.kind = 'GRANT' and later.number > own.number limit 1`,
    [tx.unit.account.id, keys],
  );
  return later.length > 0;
}

/** How many of the credits that were taken come back: as many as would be there if they had been held since. */
async function givenBack(tx: Tx, ledger: Ledger, granted: Granted, amount: number): Promise<number> {
  const { bucket, keys } = granted;
  const lines = await runStatement<{ amount: number; renewals: number }>(
    tx,
    `select amount, (
       select count(*)::int from billing.credit_entry later where later.account_id = line.account_id
         and later.bucket = line.bucket and later.kind = 'GRANT' and later.number > line.number) as renewals
     from billing.credit_entry line where account_id = $1 and starts_with(key, $2 || 'back:') order by number`,
    [tx.unit.account.id, keys],
  );
  const period = ledger.buckets.get(bucket)?.period ?? 0;
  // They have left their room to others.
  const leastRenewals = (await isOver(tx, granted)) ? 1 : 0;
  let kept = 0;
  const counted = lines.map((line) => ({ ...line, renewals: Math.max(line.renewals, leastRenewals) }));
  for (const [renewals, part] of takenLast(counted, amount)) {
    const returning = { bucket, amount: part, expiresAt: null, period: period - renewals };
    kept += part - (await expiringOf(tx, ledger, returning));
  }
  return kept;
}

/** When so many credits were taken, those that were taken last: how many, by the renewals since. */
function takenLast(
  lines: readonly { readonly amount: number; readonly renewals: number }[],
  amount: number,
): Map<number, number> {
  const parts = new Map<number, number>();
  let [skipped, missing] = [0, amount];
  for (const line of lines.toReversed()) {
    // What came back since was taken before it.
    const own = Math.max(0, -line.amount - skipped);
    skipped = Math.max(0, skipped + line.amount);
    const part = Math.min(missing, own);
    missing -= part;
    if (part > 0) parts.set(line.renewals, (parts.get(line.renewals) ?? 0) + part);
  }
  return parts;
}
