import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { newId, runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { append, type NewEntry } from './ledger.js';
import { inSpendingOrder } from './spending-order.js';

/** What an operation wants to set aside before it starts. */
export interface HoldRequest {
  /** Credits. */
  readonly amount: number;
  /** What for, once: `chat:<message id>`. */
  readonly key: string;
  /** What the history says. */
  readonly reason: string;
}

interface Bucket {
  readonly bucket: CreditBucketName;
  readonly balance: number;
  readonly expiresAt: string | null;
}

/**
 * Sets credits aside, taken from the buckets in spending order, and answers the hold's id and what is left. The
 * account's lock is held, so two at once can never take the same credit.
 * @throws INSUFFICIENT_CREDITS with `required` and `available`
 */
export async function holdCredits(tx: Tx, request: HoldRequest): Promise<{ holdId: string; remaining: number }> {
  await expireOverdue(tx);
  const buckets = await readBuckets(tx);
  const available = buckets.reduce((sum, { balance }) => sum + balance, 0);
  const { amount, key, reason } = request;
  if (available < amount) {
    throw new AppError('INSUFFICIENT_CREDITS', 'There are not enough credits.', { required: amount, available });
  }
  const parts = split(amount, buckets);
  const holdId = newId(tx.clock);
  await runStatement(
    tx,
    `insert into billing.credit_hold (id, account_id, amount, state, key, reason, created_at)
     values ($1, $2, $3, 'HELD', $4, $5, $6)`,
    [holdId, tx.unit.account.id, amount, key, reason, tx.clock.now()],
  );
  await runStatement(
    tx,
    `insert into billing.credit_hold_part (account_id, hold_id, bucket, amount, expires_at)
     select $1, $2, bucket, amount, "expiresAt" from jsonb_to_recordset($3::jsonb) as part
       (bucket text, amount int, "expiresAt" timestamptz)`,
    [tx.unit.account.id, holdId, JSON.stringify(parts)],
  );
  const hold = (part: { bucket: CreditBucketName; amount: number }): NewEntry => ({
    kind: CreditEntryKind.HOLD,
    bucket: part.bucket,
    amount: -part.amount,
    reason,
    key: `${key}:hold:${part.bucket}`,
    holdId,
  });
  await append(tx, parts.map(hold));
  return { holdId, remaining: available - amount };
}

/** Takes what has expired out of its bucket, before anybody can spend it. The second time there is nothing left. */
async function expireOverdue(tx: Tx): Promise<void> {
  const overdue = await runStatement<Bucket>(
    tx,
    `select bucket, balance, expires_at as "expiresAt" from billing.credit_bucket
     where account_id = $1 and balance > 0 and expires_at <= $2`,
    [tx.unit.account.id, tx.clock.now()],
  );
  const expire = ({ bucket, balance, expiresAt }: Bucket): NewEntry => ({
    kind: CreditEntryKind.EXPIRE,
    bucket,
    amount: -balance,
    reason: 'Expired',
    key: `expire:${bucket}:${expiresAt}`,
  });
  await append(tx, overdue.map(expire));
}

async function readBuckets(tx: Tx): Promise<Bucket[]> {
  const buckets = await runStatement<Bucket>(
    tx,
    `select bucket, balance, expires_at as "expiresAt" from billing.credit_bucket where account_id = $1 and balance > 0`,
    [tx.unit.account.id],
  );
  return inSpendingOrder(buckets);
}

function split(amount: number, buckets: readonly Bucket[]): HoldPart[] {
  const parts: HoldPart[] = [];
  let missing = amount;
  for (const { bucket, balance, expiresAt } of buckets) {
    if (missing === 0) break;
    const taken = Math.min(balance, missing);
    parts.push({ bucket, amount: taken, expiresAt });
    missing -= taken;
  }
  return parts;
}

interface HoldPart {
  readonly bucket: CreditBucketName;
  readonly amount: number;
  readonly expiresAt: string | null;
}
