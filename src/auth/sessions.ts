import { Session } from '../../entities/auth/session.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, requirePerson, runStatement } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parseErrors, parseId } from '../kernel/input.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';
import { transaction } from '../kernel/transaction.js';
import { maxSessions } from './begin-session.js';
import { endSessions } from './end-sessions.js';
import { logSession } from './log-session.js';

const sessionRows = rowsWithout(Session, ['endedAt', 'generation']);

/** A session as reads see it. */
export type SessionRow = RowIn<typeof sessionRows>;

/** The caller's sessions that can still be used, the one used last first. */
export function readSessions(ctx: Context): Promise<SessionRow[]> {
  return readSessionsOf(ctx, requirePerson(ctx).id);
}

/** The same of anybody, for operators. */
export function readSessionsOf(ctx: Context, userId: string): Promise<SessionRow[]> {
  return runStatement<SessionRow>(
    ctx,
    `select ${sessionRows.columns} from auth.session where user_id = $1 and ended_at is null and expires_at > $2
     order by last_used_at desc, id desc limit ${maxSessions}`,
    [userId, ctx.services.tokenClock.now()],
  );
}

export const endSessionErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/**
 * Ends one session of the caller, the current one perhaps: refresh tokens, access tokens and sockets, everywhere within a
 * second. The second time changes nothing.
 */
export async function endSession(ctx: Context, { id }: { readonly id: unknown }): Promise<SessionRow> {
  const sessionId = parseId(id);
  return transaction(ctx, async (tx) => {
    const [row] = await runStatement<SessionRow>(tx, `select ${sessionRows.columns} from auth.session where id = $1`, [
      sessionId,
    ]);
    const session = await requireMay(tx, 'write session', row);
    await endSessions(tx, [sessionId], 'ENDED');
    logSession(tx, 'a session was ended', { userId: session.userId, sessionId });
    return session;
  });
}
