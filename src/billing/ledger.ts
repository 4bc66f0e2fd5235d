import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { readDailyCredits } from '../accounts/index.js';
import { newId, type RowTx, runStatement, sendStatement } from '../kernel/context.js';
import { midnightAfter } from '../kernel/days.js';
import { count } from '../kernel/metrics.js';
import type { Timestamp } from '../kernel/scalars.js';
import { dailyAt } from './daily-credits.js';
import { creditsBooked } from './metrics.js';
import type { NewEntry } from './new-entry.js';

/** A bucket, up to date. */
export interface Bucket {
  readonly bucket: CreditBucketName;
  /** Credits that can be spent. */
  readonly balance: number;
  /** When they expire; null where time does not do that. */
  readonly expiresAt: Date | null;
  /** Its paid period, counted from 1, and how many credits that took over; 0 before the first. */
  readonly period: number;
  readonly carried: number;
}

/** An account's buckets under its lock, with all booked that was due. */
export interface Ledger {
  readonly buckets: ReadonlyMap<CreditBucketName, Bucket>;
  /**
   * Appends lines, in order, and what is written beside them, by one statement; the database moves the balances and
   * refuses to go below zero. `buckets` stay as they were.
   */
  book(entries: readonly NewEntry[], beside?: WrittenBeside): Promise<void>;
}

/** What one statement writes together with lines. */
export interface WrittenBeside {
  /** Clauses of its `with`, as `hold as (insert …)`. `$1` is the account, own placeholders begin at `$3`. */
  readonly clauses: string;
  /** Of `$3` and what follows. */
  readonly values: readonly unknown[];
}

interface BucketRow extends Omit<Bucket, 'expiresAt'> {
  readonly expiresAt: Timestamp | null;
}

const bucketColumns = `bucket, balance, expires_at as "expiresAt", period, carried`;

/**
 * Reads the account's buckets, and books what has fallen due since somebody last did: the daily credits of each day
 * that has begun. So lines stand in the order of their time, and what a job is late with is not missed by anybody.
 */
export async function openLedger(tx: RowTx): Promise<Ledger> {
  const rows = await runStatement<BucketRow>(
    tx,
    `select ${bucketColumns} from billing.credit_bucket where account_id = $1`,
    [tx.unit.account.id],
  );
  return ledgerOf(tx, rows);
}

/**
 * The same by one statement together with a change, which spares one. The account has a bucket: without any there is
 * nothing that could be changed.
 * @param change an `update … returning` of one row at most; `$1` is the account, own placeholders begin at `$2`
 * @returns the ledger, and the row that was changed; undefined when there was none
 */
export async function openLedgerAfter<Changed extends object>(
  tx: RowTx,
  change: string,
  values: readonly unknown[],
): Promise<{ readonly ledger: Ledger; readonly changed: Changed | undefined }> {
  const rows = await runStatement<BucketRow & { readonly changed: Changed | null }>(
    tx,
    `with changed as (${change})
     select ${bucketColumns}, (select row_to_json(changed) from changed) as changed
     from billing.credit_bucket where account_id = $1`,
    [tx.unit.account.id, ...values],
  );
  const changed = rows[0]?.changed ?? undefined;
  return {
    ledger: await ledgerOf(
      tx,
      rows.map(({ changed, ...bucket }) => bucket),
    ),
    changed,
  };
}

async function ledgerOf(tx: RowTx, rows: readonly BucketRow[]): Promise<Ledger> {
  const dated = rows.map(
    (row): Bucket => ({
      ...row,
      expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
    }),
  );
  const buckets = new Map(dated.map((bucket) => [bucket.bucket, bucket]));
  const daily = await bookDaily(tx, buckets.get(CreditBucketName.DAILY));
  if (daily) buckets.set(CreditBucketName.DAILY, daily);
  return { buckets, book: (entries, beside) => append(tx, entries, beside) };
}

/** Answers the bucket as it is then; undefined when nothing was due. */
async function bookDaily(tx: RowTx, known: Bucket | undefined): Promise<Bucket | undefined> {
  const now = tx.clock.now();
  const written = { balance: known?.balance ?? 0, due: known?.expiresAt ?? midnightAfter(now) };
  if (known?.expiresAt && written.due > now) return undefined;
  const grantedAt = written.due > now ? () => 0 : await readDailyCredits(tx);
  const { balance, due, entries } = dailyAt(written, now, grantedAt);
  await append(tx, entries);
  await sendStatement(
    tx,
    `insert into billing.credit_bucket (account_id, bucket, expires_at) values ($1, 'DAILY', $2)
     on conflict (account_id, bucket) do update set expires_at = excluded.expires_at`,
    [tx.unit.account.id, due],
  );
  return { bucket: CreditBucketName.DAILY, balance, expiresAt: due, period: 0, carried: 0 };
}

/** Whether the account's ledger has a line with this key: whoever may be begun twice asks first. */
export async function isBooked(tx: RowTx, key: string): Promise<boolean> {
  const rows = await runStatement(tx, 'select from billing.credit_entry where account_id = $1 and key = $2', [
    tx.unit.account.id,
    key,
  ]);
  return rows.length > 0;
}

/** The only code that writes the ledger. */
async function append(tx: RowTx, entries: readonly NewEntry[], beside?: WrittenBeside): Promise<void> {
  if (entries.length === 0 && !beside) return;
  const now = tx.clock.now();
  const rows = entries.map((entry) => ({ ...entry, id: newId(tx.clock), at: entry.at ?? now }));
  await sendStatement(
    tx,
    `${beside ? `with ${beside.clauses} ` : ''}insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, hold_id, created_at)
     select id, $1, kind, bucket, amount, reason, key, "holdId", at from jsonb_to_recordset($2::jsonb) as entry
       (id uuid, kind text, bucket text, amount int, reason text, key text, "holdId" uuid, at timestamptz)`,
    [tx.unit.account.id, JSON.stringify(rows), ...(beside?.values ?? [])],
  );
  for (const { kind, bucket, amount } of entries) count(tx, creditsBooked, { kind, bucket }, Math.abs(amount));
}
