import { type RowTx, runStatement } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import type { Timestamp } from '../kernel/scalars.js';

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
  const closedAt = new Date(row.closedAt);
  return { closedAt, finalAt: new Date(closedAt.getTime() + daysUntilDeletion * dayMs) };
}

/** Opens the transaction's account again, unless it is being deleted. */
export async function markOpen(tx: RowTx): Promise<void> {
  await runStatement(tx, 'update accounts.account set closed_at = null where id = $1 and deleted_at is null', [
    tx.unit.account.id,
  ]);
}
