import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { CreditHoldState } from '../../entities/billing/credit-hold.js';
import { record } from '../activity/index.js';
import { creditsConsumed } from '../events/billing.js';
import { runStatement, type Tx } from '../kernel/context.js';
import type { Timestamp } from '../kernel/scalars.js';
import { openLedger } from './ledger.js';
import type { NewEntry } from './new-entry.js';
import { expiringOf } from './returned-credits.js';
import { inSpendingOrder } from './spending-order.js';

/** A hold, by bucket. */
interface EndedHold {
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

/** The SQL of a hold's parts, as JSON. */
const partsOfHold = `(select jsonb_agg(jsonb_build_object('bucket', bucket, 'amount', part.amount, 'expiresAt', expires_at, 'period', period))
  from billing.credit_hold_part part where part.account_id = credit_hold.account_id and hold_id = credit_hold.id)`;

/**
 * Ends a hold: pays `credits` of it, in spending order and at most what was held, and gives the rest back, each credit to
 * the bucket that it came from; what has expired there meanwhile expires now. A hold ends once: the second time nothing
 * happens.
 */
export async function settleHold(tx: Tx, holdId: string, credits: number): Promise<void> {
  const state = credits > 0 ? CreditHoldState.SETTLED : CreditHoldState.RELEASED;
  const [hold, ledger] = await Promise.all([end(tx, holdId, state), openLedger(tx)]);
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
  if (credits > 0) await record(tx, creditsConsumed(holdId, { amount: credits - unpaid }));
}

/**
 * Takes back what was paid of a hold, once: each credit returns to the bucket that it came from, and what has expired there
 * meanwhile expires at once, so that a daily credit is gone on the next day. Answers how many came back.
 */
export async function refundHold(tx: Tx, holdId: string, reason: string): Promise<number> {
  const [hold, ledger] = await Promise.all([readPaid(tx, holdId), openLedger(tx)]);
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
  return hold.parts.reduce((sum, { amount }) => sum + amount, 0);
}

async function end(tx: Tx, holdId: string, state: CreditHoldState): Promise<EndedHold | undefined> {
  const [hold] = await runStatement<EndedHold>(
    tx,
    `update billing.credit_hold set state = $3, lease_until = null where account_id = $2 and id = $1 and state = 'HELD'
     returning key, reason, ${partsOfHold} as parts`,
    [holdId, tx.unit.account.id, state],
  );
  return hold;
}

/** What was paid of a hold, by bucket; undefined when it was not, or has been taken back. */
async function readPaid(tx: Tx, holdId: string): Promise<EndedHold | undefined> {
  const [hold] = await runStatement<EndedHold>(
    tx,
    `with refunded as (
       update billing.credit_hold set state = 'REFUNDED' where account_id = $2 and id = $1 and state = 'SETTLED'
       returning account_id, id, key, reason
     )
     select refunded.key, refunded.reason, (
       select jsonb_agg(jsonb_build_object('bucket', part.bucket, 'amount', -entry.amount, 'expiresAt', expires_at, 'period', period))
       from billing.credit_hold_part part join billing.credit_entry entry on entry.account_id = part.account_id
         and entry.key = refunded.key || ':spend:' || part.bucket
       where part.account_id = refunded.account_id and part.hold_id = refunded.id
     ) as parts
     from refunded`,
    [holdId, tx.unit.account.id],
  );
  return hold;
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
