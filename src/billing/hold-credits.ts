import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { newId, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { type Bucket, openLedger, type WrittenBeside } from './ledger.js';
import { inSpendingOrder } from './spending-order.js';

/** What an operation wants to set aside before it starts. */
export interface HoldRequest {
  /** Credits. */
  readonly amount: number;
  /** What for, once: `chat:<message id>`. */
  readonly key: string;
  /** What the history says. */
  readonly reason: string;
  /** Until when somebody looks after it, where no run does: then the sweeper gives its credits back. */
  readonly leaseUntil?: Date;
}

/**
 * Sets credits aside, taken from the buckets in spending order, and answers the hold's id and what is left. The
 * account's lock is held, so two at once can never take the same credit.
 * @throws INSUFFICIENT_CREDITS with `required` and `available`
 */
export async function holdCredits(tx: Tx, request: HoldRequest): Promise<{ holdId: string; remaining: number }> {
  if (!Number.isInteger(request.amount) || request.amount < 1) throw new RangeError('A hold is of whole credits.');
  const ledger = await openLedger(tx);
  const buckets = inSpendingOrder([...ledger.buckets.values()]);
  const available = buckets.reduce((sum, { balance }) => sum + balance, 0);
  const { amount, key, reason } = request;
  if (available < amount) {
    throw new AppError('INSUFFICIENT_CREDITS', 'There are not enough credits.', { required: amount, available });
  }
  const parts = split(amount, buckets);
  const holdId = newId(tx.clock);
  const entries = parts.map((part) => ({
    kind: CreditEntryKind.HOLD,
    bucket: part.bucket,
    amount: -part.amount,
    reason,
    key: `${key}:hold:${part.bucket}`,
    holdId,
  }));
  await ledger.book(entries, insertedHold(tx, holdId, request, parts));
  return { holdId, remaining: available - amount };
}

interface HoldPart {
  readonly bucket: CreditBucketName;
  readonly amount: number;
  readonly expiresAt: Date | null;
  readonly period: number;
}

function split(amount: number, buckets: readonly Bucket[]): HoldPart[] {
  const parts: HoldPart[] = [];
  let missing = amount;
  for (const { bucket, balance, expiresAt, period } of buckets) {
    const taken = Math.min(balance, missing);
    if (taken > 0) parts.push({ bucket, amount: taken, expiresAt, period });
    missing -= taken;
  }
  return parts;
}

function insertedHold(
  { clock }: Tx,
  holdId: string,
  { amount, key, reason, leaseUntil }: HoldRequest,
  parts: readonly HoldPart[],
): WrittenBeside {
  return {
    clauses: `hold as (
       insert into billing.credit_hold (id, account_id, amount, state, key, reason, created_at, lease_until)
       values ($3, $1, $4, 'HELD', $5, $6, $7, $8)
     ), part as (
       insert into billing.credit_hold_part (account_id, hold_id, bucket, amount, expires_at, period)
       select $1, $3, bucket, amount, "expiresAt", period from jsonb_to_recordset($9::jsonb) as part
         (bucket text, amount int, "expiresAt" timestamptz, period int)
     )`,
    values: [holdId, amount, key, reason, clock.now(), leaseUntil ?? null, JSON.stringify(parts)],
  };
}
