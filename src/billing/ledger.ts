import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import type { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { newId, type RowTx, runStatement } from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { creditsBooked } from './metrics.js';

/** One line to be written. */
export interface NewEntry {
  readonly kind: CreditEntryKind;
  readonly bucket: CreditBucketName;
  readonly amount: number;
  /** What the history says. */
  readonly reason: string;
  /** Unique per account: writing it twice is refused by the database. */
  readonly key: string;
  readonly holdId?: string;
}

/** Whether the account's ledger has a line with this key: whoever may be begun twice asks first. */
export async function isBooked(tx: RowTx, key: string): Promise<boolean> {
  const rows = await runStatement(tx, 'select from billing.credit_entry where account_id = $1 and key = $2', [
    tx.unit.account.id,
    key,
  ]);
  return rows.length > 0;
}

/**
 * Appends lines to the account's ledger, in order; the database moves the balances and refuses to go below zero.
 * The only code that writes the ledger.
 */
export async function append(tx: RowTx, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ ...entry, id: newId(tx.clock) }));
  await runStatement(
    tx,
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, hold_id, created_at)
     select id, $1, kind, bucket, amount, reason, key, "holdId", $3 from jsonb_to_recordset($2::jsonb) as entry
       (id uuid, kind text, bucket text, amount int, reason text, key text, "holdId" uuid)`,
    [tx.unit.account.id, JSON.stringify(rows), tx.clock.now()],
  );
  for (const { kind, bucket, amount } of entries) count(tx, creditsBooked, { kind, bucket }, Math.abs(amount));
}
