import { afterCommit, type Context } from '../kernel/context.js';

/**
 * Writes what was done about a session to the log, and from where: never a token, nor whose e-mail address it is. In a
 * transaction it is written once that has committed.
 */
export function logSession(
  ctx: Context,
  what: string,
  session: { readonly userId?: string; readonly sessionId?: string } | null,
): void {
  const fields = session ? { account: session.userId, sessionId: session.sessionId } : {};
  afterCommit(ctx, () => ctx.log.info({ address: ctx.client?.address, ...fields }, what));
}
