import { type Context, runStatement } from '../context.js';

/** Forgets refresh tokens that have expired: spent or not, nobody can use them, and their reuse proves nothing. */
export async function purgeRefreshTokens(ctx: Context): Promise<void> {
  await runStatement(ctx, 'delete from auth.refresh_token where expires_at <= $1', [ctx.clock.now()]);
}
