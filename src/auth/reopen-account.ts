import { markOpen } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { accountReopened } from '../events/accounts.js';
import type { Tx } from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { logSession } from './log-session.js';
import { accountsReopened } from './metrics.js';

/** Keeps the transaction's account when its user signs in before it is deleted; one that is open stays as it is. */
export async function reopenAccount(tx: Tx): Promise<void> {
  const { id, isClosed } = tx.unit.account;
  if (!isClosed) return;
  await markOpen(tx);
  await record(tx, accountReopened(id, {}));
  count(tx, accountsReopened, {});
  logSession(tx, 'a closed account was opened again', { userId: id });
}
