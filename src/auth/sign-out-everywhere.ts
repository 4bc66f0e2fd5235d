import { record } from '../activity/index.js';
import { userSignedOutEverywhere } from '../events/auth.js';
import type { Context } from '../kernel/context.js';
import { transaction } from '../kernel/transaction.js';
import { endAllSessions } from './end-sessions.js';
import { logSession } from './log-session.js';

/**
 * Ends every session of the caller: refresh tokens, access tokens and open sockets, on every instance. Answers how many
 * could still have been used; the second time that is 0.
 */
export async function signOutEverywhere(ctx: Context): Promise<{ revokedSessions: number }> {
  return transaction(ctx, async (tx) => {
    const { id } = tx.unit.account;
    const revokedSessions = await endAllSessions(tx);
    await record(tx, userSignedOutEverywhere(id, { revokedSessions }));
    logSession(tx, 'signed out everywhere', { userId: id });
    return { revokedSessions };
  });
}
