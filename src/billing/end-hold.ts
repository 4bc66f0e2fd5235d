import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { CreditHoldState } from '../../entities/billing/credit-hold.js';
import { record } from '../activity/index.js';
import { creditsConsumed } from '../events/billing.js';
import { runStatement, type Tx } from '../kernel/context.js';
import { append, type NewEntry } from './ledger.js';

interface EndedHold {
  readonly key: string;
  readonly reason: string;
  readonly amount: number;
}

interface Part {
  readonly bucket: CreditBucketName;
  readonly amount: number;
  readonly expired: boolean;
}

/** Pays what was held. A hold ends once: the second time nothing happens. */
export async function settleHold(tx: Tx, holdId: string): Promise<void> {
  const hold = await end(tx, holdId, CreditHoldState.SETTLED);
  if (!hold) return;
  const parts = await readParts(tx, holdId);
  await append(
    tx,
    parts.flatMap((part) => [released(hold, holdId, part), spent(hold, holdId, part)]),
  );
  await record(tx, creditsConsumed(holdId, { amount: hold.amount }));
}

/**
 * Gives back what was held, each credit to the bucket that it came from; what has expired there meanwhile expires now.
 * A hold ends once: the second time nothing happens, and the answer is false.
 */
export async function releaseHold(tx: Tx, holdId: string): Promise<boolean> {
  const hold = await end(tx, holdId, CreditHoldState.RELEASED);
  if (!hold) return false;
  const parts = await readParts(tx, holdId);
  await append(
    tx,
    parts.flatMap((part) =>
      part.expired ? [released(hold, holdId, part), expired(hold, holdId, part)] : [released(hold, holdId, part)],
    ),
  );
  return true;
}

async function end(tx: Tx, holdId: string, state: CreditHoldState): Promise<EndedHold | undefined> {
  const [hold] = await runStatement<EndedHold>(
    tx,
    `update billing.credit_hold set state = $3 where account_id = $2 and id = $1 and state = 'HELD'
     returning key, reason, amount`,
    [holdId, tx.unit.account.id, state],
  );
  return hold;
}

async function readParts(tx: Tx, holdId: string): Promise<Part[]> {
  return runStatement<Part>(
    tx,
    `select bucket, amount, coalesce(expires_at <= $2, false) as expired from billing.credit_hold_part
     where account_id = $3 and hold_id = $1 order by bucket`,
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
