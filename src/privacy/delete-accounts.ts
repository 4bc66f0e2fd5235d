import { isToBeDeleted, markDeleted, markEmptied, sweepClosed } from '../accounts/index.js';
import { forgetPerson } from '../auth/index.js';
import { bookDue, closeBooks } from '../billing/index.js';
import { type AccountTable, deleteBatch, type RemovedBatch } from '../kernel/account-tables.js';
import { asAccount, type Context, type Tx } from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { accountTables } from './account-tables.js';
import { accountsDeleted } from './metrics.js';

/** Rows that one transaction removes: some 50 ms of an account's lock, which nobody waits for. */
const batchSize = 500;

/**
 * Deletes the accounts that were closed 14 days ago: first, at one moment, who their person was; then all that they had,
 * batch by batch. Killed it goes on where it stopped; two at once do nothing twice.
 */
export function deleteClosedAccounts(ctx: Context): Promise<void> {
  return sweepClosed(ctx, (accountId) => deleteAccountData(asAccount(ctx, accountId)));
}

async function deleteAccountData(ctx: Context): Promise<void> {
  if (!(await transaction(ctx, begin))) return;
  let isEmpty = true;
  for (const table of accountTables) isEmpty = (await removeAll(ctx, table)) && isEmpty;
  // What others have to do first is looked at again by the next run.
  if (isEmpty) await transaction(ctx, end);
}

/** Under the account's lock, so that whoever signs in has come before, or is somebody new. False when it was opened again. */
async function begin(tx: Tx): Promise<boolean> {
  if (!(await isToBeDeleted(tx))) return false;
  // By the plan and the allowances that it had.
  await bookDue(tx);
  await closeBooks(tx);
  await markDeleted(tx);
  await forgetPerson(tx);
  return true;
}

/** Whether nothing is left of a table that does not stay. */
async function removeAll(ctx: Context, table: AccountTable): Promise<boolean> {
  for (;;) {
    const outcome = await transaction(ctx, (tx) => removeBatch(tx, table));
    if (outcome !== 'MORE') return outcome === 'NOTHING_LEFT';
  }
}

async function removeBatch(tx: Tx, table: AccountTable): Promise<RemovedBatch> {
  switch (table.onDeletion.kind) {
    case 'DELETED':
      return deleteBatch(tx, table, batchSize);
    case 'BY':
      return table.onDeletion.remove(tx, batchSize);
    default:
      return 'NOTHING_LEFT';
  }
}

async function end(tx: Tx): Promise<void> {
  if (!(await markEmptied(tx))) return;
  count(tx, accountsDeleted, {});
  tx.unit.afterCommit(({ log }) => log.info({}, 'an account was deleted'));
}
