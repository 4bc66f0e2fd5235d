import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { sendStatement, type Tx } from '../kernel/context.js';
import { isBooked, openLedger } from './ledger.js';
import type { NewEntry } from './new-entry.js';
import { maxCarriedOver } from './returned-credits.js';

/** Credits of one paid period of the Pro plan. */
export const creditsAPeriod = 100;

const bucket = CreditBucketName.SUBSCRIPTION;

/** With what the keys of the lines of a period begin, of which one ends with `grant`. */
export function keysOfPeriod(period: string): string {
  return `subscription:${period}:`;
}

/**
 * Begins a paid period: what is left of the last one ends, 50 credits of it at most are taken over, and the period's own
 * are granted; so there are 150 at most. The same period again changes nothing.
 * @param period names it, uniquely for the account
 */
export async function renewSubscriptionCredits(tx: Tx, period: string): Promise<void> {
  if (await isBooked(tx, `${keysOfPeriod(period)}grant`)) return;
  const ledger = await openLedger(tx);
  const left = ledger.buckets.get(bucket)?.balance ?? 0;
  const carried = Math.min(left, maxCarriedOver);
  const lines: readonly Pick<NewEntry, 'kind' | 'amount' | 'reason'>[] = [
    { kind: CreditEntryKind.EXPIRE, amount: -left, reason: 'End of the paid period' },
    { kind: CreditEntryKind.CARRY_OVER, amount: carried, reason: 'Carried over' },
    { kind: CreditEntryKind.GRANT, amount: creditsAPeriod, reason: 'Pro plan' },
  ];
  const entries = lines.filter(({ amount }) => amount !== 0);
  const keyOf = (kind: CreditEntryKind) => `${keysOfPeriod(period)}${kind.toLowerCase()}`;
  await ledger.book(entries.map((line) => ({ ...line, bucket, key: keyOf(line.kind) })));
  await sendStatement(
    tx,
    `update billing.credit_bucket set period = period + 1, carried = $2 where account_id = $1 and bucket = 'SUBSCRIPTION'`,
    [tx.unit.account.id, carried],
  );
}
