import { Source } from '../../entities/activity/event.js';
import { record } from '../activity/index.js';
import { type EndReason, sessionEnded } from '../events/auth.js';
import { runStatement, type Tx } from '../kernel/context.js';

/** Rings when sessions have ended, anybody's: every process looks which. */
export const endedSessionsTopic = 'sessions';

/**
 * Ends these sessions of the account, with their refresh tokens, access tokens and sockets, on every instance. Those
 * that have ended before stay as they are.
 */
export async function endSessions(tx: Tx, sessionIds: readonly string[], reason: EndReason): Promise<void> {
  if (sessionIds.length === 0) return;
  const ended = await runStatement<{ id: string }>(
    tx,
    `update auth.session set ended_at = clock_timestamp()
     where user_id = $1 and id = any($2::uuid[]) and ended_at is null returning id`,
    [tx.unit.account.id, sessionIds],
  );
  const isSystems = reason === 'REUSED_TOKEN' || reason === 'TOO_MANY';
  await record(tx, ...ended.map(({ id }) => sessionEnded(id, { reason }, isSystems ? Source.SYSTEM : Source.USER)));
  tellOfEnded(
    tx,
    ended.map(({ id }) => id),
  );
}

/** Ends every session of the account. Answers how many could still have been used. */
export async function endAllSessions(tx: Tx): Promise<number> {
  const ended = await runStatement<{ id: string; isOpen: boolean }>(
    tx,
    `update auth.session set ended_at = clock_timestamp()
     where user_id = $1 and ended_at is null returning id, expires_at > $2 as "isOpen"`,
    [tx.unit.account.id, tx.services.tokenClock.now()],
  );
  tellOfEnded(
    tx,
    ended.map(({ id }) => id),
  );
  return ended.filter(({ isOpen }) => isOpen).length;
}

/** After the commit: this process knows at once, the others when it rings there. */
function tellOfEnded(tx: Tx, sessionIds: readonly string[]): void {
  if (sessionIds.length === 0) return;
  tx.unit.ring(endedSessionsTopic);
  tx.unit.afterCommit(({ services }) => services.liveSessions.end(sessionIds));
}
