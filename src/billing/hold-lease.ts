import { CreditHoldState } from '../../entities/billing/credit-hold.js';
import { asAccount, type Context, runStatement, type Tx } from '../kernel/context.js';
import { sweep } from '../kernel/sweep.js';
import { transaction } from '../kernel/transaction.js';
import { settleHold } from './end-hold.js';

/** Looks after a hold for longer. False when it has ended. */
export async function renewHold(tx: Tx, holdId: string, until: Date): Promise<boolean> {
  const rows = await runStatement(
    tx,
    `update billing.credit_hold set lease_until = $3 where account_id = $1 and id = $2 and state = 'HELD' returning id`,
    [tx.unit.account.id, holdId, until],
  );
  return rows.length > 0;
}

/** Gives back what is held for work that nobody looks after any more. Two at once end each hold once. */
export async function sweepHolds(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await sweep(ctx, {
    what: 'releasing a lapsed hold',
    from: 'billing.credit_hold',
    account: 'account_id',
    where: `state = '${CreditHoldState.HELD}' and lease_until < $1`,
    values: [now],
    since: 'lease_until',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id, accountId }) => transaction(asAccount(ctx, accountId), (tx) => releaseLapsed(tx, id, now)),
  });
}

/** It may have been renewed since it was found. */
async function releaseLapsed(tx: Tx, holdId: string, now: Date): Promise<void> {
  const lapsed = await runStatement(
    tx,
    'select from billing.credit_hold where account_id = $1 and id = $2 and lease_until < $3',
    [tx.unit.account.id, holdId, now],
  );
  if (lapsed.length > 0) await settleHold(tx, holdId, 0);
}
