import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Context, runStatement } from '../kernel/context.js';

/** A refresh token as a client sends it. */
export const RefreshTokenText = z.string().max(512, 'must have at most 512 characters');

/** A stored refresh token; none of it ever changes. */
export interface RefreshTokenRow {
  readonly userId: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly isExpired: boolean;
}

/** How a refresh token is stored: SHA-256, hex. It has 256 random bits, so no salt is needed. */
export function hashOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}

/** Whoever knows the token may do with it what its session allows; null for one that was never handed out. */
export async function unsafeFindToken(ctx: Context, refreshToken: string): Promise<RefreshTokenRow | null> {
  const [row] = await runStatement<RefreshTokenRow>(
    ctx,
    `select s.user_id as "userId", t.session_id as "sessionId", t.generation, t.expires_at <= $2 as "isExpired"
     from auth.refresh_token t join auth.session s on s.id = t.session_id where t.token_hash = $1`,
    [hashOf(refreshToken), ctx.services.tokenClock.now()],
  );
  return row ?? null;
}
