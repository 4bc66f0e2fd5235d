import type { Tier } from '../../entities/accounts/account.js';
import { type RowTx, sendStatement } from '../kernel/context.js';

/**
 * Puts the account of the transaction on a plan, whose limits hold from the next transaction on. Whoever calls has booked
 * the daily credits that are due, as they are those of the plan before: see `readDailyCredits`.
 */
export async function setPlan(tx: RowTx, plan: Tier): Promise<void> {
  await sendStatement(tx, 'update accounts.account set plan = $2 where id = $1', [tx.unit.account.id, plan]);
}
