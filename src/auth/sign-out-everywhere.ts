import { record } from '../activity/index.js';
import { type Context, runStatement } from '../context.js';
import { transaction } from '../transaction.js';
import { everySessionTopic, sessionsTopic } from './authenticate.js';
import { userSignedOutEverywhere } from './events.js';

/**
 * Ends every session of the caller: refresh tokens are revoked, access tokens of before are refused from now on, and
 * open sockets are closed on every instance. Answers how many sign-ins were still open; the second time that is 0.
 */
export async function signOutEverywhere(ctx: Context): Promise<{ revokedSessions: number }> {
  return transaction(ctx, async (tx) => {
    const { id } = tx.unit.account;
    const revoked = await runStatement<{ family: string }>(
      tx,
      `update auth.refresh_token set revoked_at = $2
       where user_id = $1 and revoked_at is null and expires_at > $2 returning family_id as family`,
      [id, tx.clock.now()],
    );
    await runStatement(tx, 'update auth.user set session_epoch = session_epoch + 1 where id = $1', [id]);
    const revokedSessions = new Set(revoked.map(({ family }) => family)).size;
    await record(tx, userSignedOutEverywhere(id, revokedSessions));
    // Verdicts are forgotten before the sockets ask again.
    tx.unit.ring(everySessionTopic, sessionsTopic(id));
    return { revokedSessions };
  });
}
