import { type Context, runStatement } from '../kernel/context.js';

/**
 * Forgets sessions that nobody can use any more, with their refresh tokens; refresh tokens that have expired, whose reuse
 * proves nothing; and ID tokens that would be refused by their date. Ended sessions are kept for a day, so that every
 * process has heard of them.
 */
export async function purgeSessions(ctx: Context): Promise<void> {
  const now = ctx.services.tokenClock.now();
  await runStatement(ctx, `delete from auth.session where expires_at <= $1 or ended_at <= now() - interval '1 day'`, [
    now,
  ]);
  await runStatement(ctx, 'delete from auth.refresh_token where expires_at <= $1', [now]);
  await runStatement(ctx, `delete from auth.used_id_token where expires_at <= now() - interval '1 hour'`, []);
}
