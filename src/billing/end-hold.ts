import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { CreditHoldState } from '../../entities/billing/credit-hold.js';
import { record } from '../activity/index.js';
import { creditsConsumed } from '../events/billing.js';
import { runStatement, type Tx } from '../kernel/context.js';
import { append, type NewEntry } from './ledger.js';
import { inSpendingOrder } from './spending-order.js';

interface EndedHold {
  readonly key: string;
  readonly reason: string;
}

interface Part {
  readonly bucket: CreditBucketName;
  readonly amount: number;
  readonly expired: boolean;
}

/**
 * Ends a hold: pays `credits` of it, in spending order and at most what was held, and gives the rest back, each credit to
 * the bucket that it came from; what has expired there meanwhile expires now. A hold ends once: the second time nothing
 * happens.
 */
export async function settleHold(tx: Tx, holdId: string, credits: number): Promise<void> {
  const hold = await end(tx, holdId, credits > 0 ? CreditHoldState.SETTLED : CreditHoldState.RELEASED);
  if (!hold) return;
  let unpaid = credits;
  const entries: NewEntry[] = [];
  for (const part of inSpendingOrder(await readParts(tx, holdId))) {
    const paid = Math.min(part.amount, unpaid);
    const rest = part.amount - paid;
    unpaid -= paid;
    entries.push(released(hold, holdId, part));
    if (paid > 0) entries.push(spent(hold, holdId, { ...part, amount: paid }));
    if (rest > 0 && part.expired) entries.push(expired(hold, holdId, { ...part, amount: rest }));
  }
  await append(tx, entries);
  if (credits > 0) await record(tx, creditsConsumed(holdId, { amount: credits - unpaid }));
}

async function end(tx: Tx, holdId: string, state: CreditHoldState): Promise<EndedHold | undefined> {
  const [hold] = await runStatement<EndedHold>(
    tx,
    `update billing.credit_hold set state = $3 where account_id = $2 and id = $1 and state = 'HELD'
     returning key, reason`,
    [holdId, tx.unit.account.id, state],
  );
  return hold;
}

async function readParts(tx: Tx, holdId: string): Promise<Part[]> {
  return runStatement<Part>(
    tx,
    `select bucket, amount, coalesce(expires_at <= $2, false) as expired from billing.credit_hold_part
     where account_id = $3 and hold_id = $1`,
    [holdId, tx.clock.now(), tx.unit.account.id],
  );
}

function released({ key, reason }: EndedHold, holdId: string, { bucket, amount }: Part): NewEntry {
  return { kind: CreditEntryKind.RELEASE, bucket, amount, reason, key: `${key}:release:${bucket}`, holdId };
}

function spent({ key, reason }: EndedHold, holdId: string, { bucket, amount }: Part): NewEntry {
  return { kind: CreditEntryKind.SPEND, bucket, amount: -amount, reason, key: `${key}:spend:${bucket}`, holdId };
}

function expired({ key }: EndedHold, holdId: string, { bucket, amount }: Part): NewEntry {
  return {
    kind: CreditEntryKind.EXPIRE,
    bucket,
    amount: -amount,
    reason: 'Expired',
    key: `${key}:expire:${bucket}`,
    holdId,
  };
}
