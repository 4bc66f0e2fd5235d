import { type RowTx, runStatement } from '../kernel/context.js';

/**
 * Forgets who the person of the transaction's account was, before all that they had is deleted: whoever signs in with the
 * same Google account from now on is somebody new.
 */
export async function forgetPerson(tx: RowTx): Promise<void> {
  await runStatement(
    tx,
    `update auth.user set google_subject = 'deleted ' || id, email = '', name = 'Deleted', avatar_url = null,
       time_zone = 'UTC', preferences = '{}' where id = $1`,
    [tx.unit.account.id],
  );
}
