import { type Closing, markClosed } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { accountClosed } from '../events/accounts.js';
import { asAccount, type Context, type Tx } from '../kernel/context.js';
import { count } from '../kernel/metrics.js';
import { transaction } from '../kernel/transaction.js';
import { endAllSessions } from './end-sessions.js';
import { logSession } from './log-session.js';
import { accountsClosed } from './metrics.js';

/**
 * Closes an account for an operator; it is deleted 14 days later, unless its user signs in before. Closing it again
 * changes nothing. @throws UNAUTHENTICATED when there is no such account
 */
export function closeAccount(ctx: Context, accountId: string): Promise<Closing> {
  return transaction(asAccount(ctx, accountId), close);
}

/** Closes the transaction's account: its sessions end, with their tokens and sockets, on every instance. */
export async function close(tx: Tx): Promise<Closing> {
  const { id, isClosed } = tx.unit.account;
  const closing = await markClosed(tx);
  if (isClosed) return closing;
  await endAllSessions(tx);
  await record(tx, accountClosed(id, { finalAt: closing.finalAt.toISOString() }));
  count(tx, accountsClosed, {});
  logSession(tx, 'an account was closed', { userId: id });
  return closing;
}
