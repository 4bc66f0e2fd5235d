import { type Context, type RowTx, requireAccount, runStatement } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import type { Timestamp } from '../kernel/scalars.js';
import { sweep } from '../kernel/sweep.js';

/** Days that a closed account waits for its user before it is deleted. */
const daysUntilDeletion = 14;

/** An account whose user has asked for its deletion. */
export interface Closing {
  readonly closedAt: Date;
  /** When it is deleted, unless its user signs in before. */
  readonly finalAt: Date;
}

/** Closes the transaction's account; one that is closed stays as it is. */
export async function markClosed(tx: RowTx): Promise<Closing> {
  const [row] = await runStatement<{ closedAt: Timestamp }>(
    tx,
    `update accounts.account set closed_at = coalesce(closed_at, $2) where id = $1 returning closed_at as "closedAt"`,
    [tx.unit.account.id, tx.clock.now()],
  );
  if (!row) throw new Error('The account was not closed.');
  return closingSince(row.closedAt);
}

function closingSince(moment: Timestamp): Closing {
  const closedAt = new Date(moment);
  return { closedAt, finalAt: new Date(closedAt.getTime() + daysUntilDeletion * dayMs) };
}

/** The closing of the context's account; null when it is open. */
export async function readClosing(ctx: Context): Promise<Closing | null> {
  const [row] = await runStatement<{ closedAt: Timestamp | null }>(
    ctx,
    'select closed_at as "closedAt" from accounts.account where id = $1',
    [requireAccount(ctx)],
  );
  return row?.closedAt == null ? null : closingSince(row.closedAt);
}

/** Opens the transaction's account again, unless it is being deleted. */
export async function markOpen(tx: RowTx): Promise<void> {
  await runStatement(tx, 'update accounts.account set closed_at = null where id = $1 and deleted_at is null', [
    tx.unit.account.id,
  ]);
}

function closedBefore(now: Date): Date {
  return new Date(now.getTime() - daysUntilDeletion * dayMs);
}

/** Works off the accounts that were closed 14 days ago and of which something is left. */
export async function sweepClosed(ctx: Context, remove: (accountId: string) => Promise<unknown>): Promise<void> {
  await sweep(ctx, {
    what: 'deleting an account',
    from: 'accounts.account',
    account: 'id',
    where: 'closed_at <= $1 and emptied_at is null',
    values: [closedBefore(ctx.clock.now())],
    since: 'closed_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ accountId }) => remove(accountId),
  });
}

/** Whether the transaction's account is to be deleted now: its user may have come back a moment before. */
export async function isToBeDeleted(tx: RowTx): Promise<boolean> {
  const rows = await runStatement(tx, 'select from accounts.account where id = $1 and closed_at <= $2', [
    tx.unit.account.id,
    closedBefore(tx.clock.now()),
  ]);
  return rows.length > 0;
}

/** Begins the deletion of the transaction's account, which has no plan any more; begun once more it goes on. */
export async function markDeleted(tx: RowTx): Promise<void> {
  await runStatement(
    tx,
    `update accounts.account set deleted_at = coalesce(deleted_at, $2), plan = 'FREE' where id = $1`,
    [tx.unit.account.id, tx.clock.now()],
  );
}

/** Notes that nothing is left of the transaction's account but what stays. False when somebody has before. */
export async function markEmptied(tx: RowTx): Promise<boolean> {
  const rows = await runStatement(
    tx,
    'update accounts.account set emptied_at = $2 where id = $1 and emptied_at is null returning id',
    [tx.unit.account.id, tx.clock.now()],
  );
  return rows.length > 0;
}
