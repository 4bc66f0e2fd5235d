import type { Context, Principal } from '../context.js';
import { runStatement } from '../context.js';
import { AppError } from '../errors.js';

/** Rings when anybody's sessions have ended: verdicts about tokens are forgotten. */
export const everySessionTopic = 'sessions';

/** Rings when this person's sessions have ended: their sockets ask again. */
export function sessionsTopic(userId: string): string {
  return `sessions:${userId}`;
}

/**
 * Who an access token speaks for. The signature is checked once per process and token; that the account has not signed
 * out everywhere since, again whenever anybody has.
 * @throws UNAUTHENTICATED (`refreshRequired: true` when it has expired)
 */
export async function authenticate(ctx: Context, accessToken: string): Promise<Principal> {
  const { tokens } = ctx.services;
  const known = tokens.known(accessToken);
  if (known) return known;
  const principal = await tokens.verify(accessToken);
  const [account] = await runStatement<{ epoch: number }>(
    ctx,
    'select session_epoch as epoch from auth.user where id = $1',
    [principal.id],
  );
  if (account?.epoch !== principal.epoch)
    throw new AppError('UNAUTHENTICATED', 'This session has ended. Sign in again.');
  tokens.remember(accessToken, principal);
  return principal;
}
