import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { CreditHoldState } from '../../entities/billing/credit-hold.js';
import { record } from '../activity/index.js';
import { creditsConsumed } from '../events/billing.js';
import type { Tx } from '../kernel/context.js';
import type { Timestamp } from '../kernel/scalars.js';
import { openLedgerAfter } from './ledger.js';
import type { NewEntry } from './new-entry.js';
import { takeBackReturned } from './payments/payment-credits.js';
import { expiringOf } from './returned-credits.js';
import { inSpendingOrder } from './spending-order.js';

/** A hold, by bucket. */
interface EndedHold {
  /** Whether money went back for which credits may be missing: some of those that return now. */
  readonly mayOwe: boolean;
  readonly key: string;
  readonly reason: string;
  readonly parts: readonly Part[];
}

interface Part {
  readonly bucket: CreditBucketName;
  readonly amount: number;
  readonly expiresAt: Timestamp | null;
  readonly period: number;
}

/** Of what was held later nothing is missing; clocks of two processes may differ by some seconds. */
const mayOwe = `exists (
    select from billing.payment where payment.account_id = $1 and went_back_at > hold.created_at - interval '1 minute'
  ) as "mayOwe"`;

/** Ends a hold, and answers what was held; nothing when it has ended. */
const endedHold = `update billing.credit_hold hold set state = $3, lease_until = null
  where account_id = $1 and id = $2 and state = 'HELD'
  returning ${mayOwe}, key, reason, (
    select json_agg(json_build_object('bucket', bucket, 'amount', part.amount, 'expiresAt', expires_at, 'period', period))
    from billing.credit_hold_part part where part.account_id = hold.account_id and hold_id = hold.id
  ) as parts`;

/** Takes a payment back, and answers what was paid; nothing when it was not, or has been taken back. */
const refundedHold = `update billing.credit_hold hold set state = $3
  where account_id = $1 and id = $2 and state = 'SETTLED'
  returning ${mayOwe}, key, reason, (
    select json_agg(json_build_object('bucket', part.bucket, 'amount', -entry.amount, 'expiresAt', expires_at, 'period', period))
    from billing.credit_hold_part part join billing.credit_entry entry on entry.account_id = part.account_id
      and entry.key = hold.key || ':spend:' || part.bucket
    where part.account_id = hold.account_id and part.hold_id = hold.id
  ) as parts`;

/**
 * Ends a hold: pays `credits` of it, in spending order and at most what was held, and gives the rest back, each credit to
 * the bucket that it came from; what has expired there meanwhile expires now. A hold ends once: the second time nothing
 * happens.
 */
export async function settleHold(tx: Tx, holdId: string, credits: number): Promise<void> {
  const state = credits > 0 ? CreditHoldState.SETTLED : CreditHoldState.RELEASED;
  const { ledger, changed: hold } = await openLedgerAfter<EndedHold>(tx, endedHold, [holdId, state]);
  if (!hold) return;
  let unpaid = credits;
  const entries: NewEntry[] = [];
  for (const part of inSpendingOrder(hold.parts)) {
    const paid = Math.min(part.amount, unpaid);
    const rest = part.amount - paid;
    unpaid -= paid;
    const entry = entriesOf(hold, holdId, part.bucket);
    entries.push(entry(CreditEntryKind.RELEASE, part.amount));
    if (paid > 0) entries.push(entry(CreditEntryKind.SPEND, -paid));
    const expiring = rest > 0 ? await expiringOf(tx, ledger, returning(part, rest)) : 0;
    if (expiring > 0) entries.push(entry(CreditEntryKind.EXPIRE, -expiring));
  }
  await ledger.book(entries);
  if (hold.mayOwe) await takeBackReturned(tx);
  if (credits > 0) await record(tx, creditsConsumed(holdId, { amount: credits - unpaid }));
}

/**
 * Takes back what was paid of a hold, once: each credit returns to the bucket that it came from, and what has expired there
 * meanwhile expires at once, so that a daily credit is gone on the next day. Answers how many came back.
 */
export async function refundHold(tx: Tx, holdId: string, reason: string): Promise<number> {
  const { ledger, changed: hold } = await openLedgerAfter<EndedHold>(tx, refundedHold, [
    holdId,
    CreditHoldState.REFUNDED,
  ]);
  if (!hold) return 0;
  const entries: NewEntry[] = [];
  for (const part of hold.parts) {
    const entry = entriesOf({ ...hold, reason }, holdId, part.bucket);
    entries.push(entry(CreditEntryKind.REFUND, part.amount));
    const expiring = await expiringOf(tx, ledger, returning(part, part.amount));
    if (expiring > 0)
      entries.push({ ...entry(CreditEntryKind.EXPIRE, -expiring), key: `${hold.key}:lapse:${part.bucket}` });
  }
  await ledger.book(entries);
  if (hold.mayOwe) await takeBackReturned(tx);
  return hold.parts.reduce((sum, { amount }) => sum + amount, 0);
}

function returning({ bucket, expiresAt, period }: Part, amount: number) {
  return { bucket, amount, expiresAt: expiresAt === null ? null : new Date(expiresAt), period };
}

function entriesOf({ key, reason }: EndedHold, holdId: string, bucket: CreditBucketName) {
  return (kind: CreditEntryKind, amount: number): NewEntry => ({
    kind,
    bucket,
    amount,
    reason: kind === CreditEntryKind.EXPIRE ? 'Expired' : reason,
    key: `${key}:${kind.toLowerCase()}:${bucket}`,
    holdId,
  });
}
