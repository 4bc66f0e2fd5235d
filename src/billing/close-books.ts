import { type RowTx, runStatement } from '../kernel/context.js';

/**
 * Ends what an account that is being deleted pays for, and forgets its cards and pages. What was paid stays, without
 * anything that names its payer.
 */
export async function closeBooks(tx: RowTx): Promise<void> {
  const values = [tx.unit.account.id, tx.clock.now()];
  await runStatement(
    tx,
    `update billing.subscription set state = 'EXPIRED', ended_at = $2, ended_by = 'DELETED', due_at = null, grace_ends_at = null
     where account_id = $1 and state <> 'EXPIRED'`,
    values,
  );
  await runStatement(
    tx,
    `update billing.subscription set instrument_id = null, card_scheme = null, card_last_four = null,
       card_good_until = null, previous_payment_id = null where account_id = $1`,
    values.slice(0, 1),
  );
  await runStatement(
    tx,
    `update billing.payment set state = case when state = 'PENDING' then 'EXPIRED' else state end, instrument_id = null,
       card_scheme = null, card_last_four = null, page_url = null, page_expires_at = null, retry_at = null,
       looks = looks + 1 where account_id = $1`,
    values.slice(0, 1),
  );
}
