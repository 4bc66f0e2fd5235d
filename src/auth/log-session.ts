import type { Context } from '../kernel/context.js';

/** Writes what was done about a session to the log, and from where: never a token, nor whose e-mail address it is. */
export function logSession(
  { log, client }: Context,
  what: string,
  session: { readonly userId?: string; readonly sessionId?: string } | null,
): void {
  const fields = session ? { account: session.userId, sessionId: session.sessionId } : {};
  log.info({ address: client?.address, ...fields }, what);
}
