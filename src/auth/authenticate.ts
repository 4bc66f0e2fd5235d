import { type Principal, requireSignIn, type Services } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';

/**
 * Who an access token speaks for. The signature is checked once per process and token; that its session is the user's
 * and has not ended, each time, within seconds of the truth.
 * @throws UNAUTHENTICATED (`refreshRequired: true` when it has expired)
 */
export async function authenticate(services: Services, accessToken: string): Promise<Principal> {
  const principal = await requireSignIn(services).tokens.verify(accessToken);
  if (await services.liveSessions.isLive(principal.sessionId, principal.id)) return principal;
  throw new AppError('UNAUTHENTICATED', 'This session has ended. Sign in again.');
}
