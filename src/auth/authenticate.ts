import type { Principal, Services } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';

/**
 * Who an access token speaks for. The signature is checked once per process and token; that its session is the user's
 * and has not ended, each time, within seconds of the truth.
 * @throws UNAUTHENTICATED (`refreshRequired: true` when it has expired)
 */
export async function authenticate({ tokens, liveSessions }: Services, accessToken: string): Promise<Principal> {
  const principal = await tokens.verify(accessToken);
  if (await liveSessions.isLive(principal.sessionId, principal.id)) return principal;
  throw new AppError('UNAUTHENTICATED', 'This session has ended. Sign in again.');
}
