import { z } from 'zod';
import type { EndReason } from '../events/auth.js';
import { asAccount, type Context, logFailure, requireSignIn } from '../kernel/context.js';
import { parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { endSessions } from './end-sessions.js';
import { logSession } from './log-session.js';
import { RefreshTokenText, unsafeFindToken } from './refresh-tokens.js';

const Input = z.strictObject({ accessToken: z.string().nullable(), refreshToken: RefreshTokenText.nullable() });

/**
 * Ends the session of an access token, one that has expired, too, and that of a refresh token of the same account: a page
 * may not have heard yet that its account has signed in anew. Without an access token that of the refresh token. What was
 * never handed out has nothing to end. Answers whether the refresh token is good for nothing any more: a browser's cookie
 * may be that of somebody else who has signed in since.
 * @throws VALIDATION_FAILED, UNAUTHENTICATED for an access token that is not ours
 */
export async function signOut(ctx: Context, input: unknown): Promise<boolean> {
  const { accessToken, refreshToken } = parse(Input, input);
  const token = refreshToken === null ? null : await unsafeFindToken(ctx, refreshToken);
  const named = accessToken === null ? null : await requireSignIn(ctx.services).tokens.sessionOf(accessToken);
  const session = named ?? token;
  const isSpent = token === null || token.userId === session?.userId;
  const sessionIds = [named, isSpent ? token : null].flatMap((each) => each?.sessionId ?? []);
  if (session) await end(ctx, session.userId, sessionIds, 'SIGNED_OUT');
  logSession(ctx, session ? 'signed out' : 'a refresh token was refused', session);
  return isSpent;
}

/**
 * Ends the session of a refresh token that its browser overwrites by signing in anew: nobody could refresh it any more,
 * and the pages that still act for it must hear that they act for somebody else now. The sign-in is done whether or not
 * this is: one that cannot be ended for now ends by itself.
 */
export async function endReplacedSession(ctx: Context, refreshToken: string): Promise<void> {
  try {
    const session = await unsafeFindToken(ctx, refreshToken);
    if (!session) return;
    await end(ctx, session.userId, [session.sessionId], 'REPLACED');
    logSession(ctx, 'a session was replaced', session);
  } catch (error) {
    logFailure(ctx.log, error, {}, 'a replaced session was not ended');
  }
}

function end(ctx: Context, userId: string, sessionIds: readonly string[], reason: EndReason): Promise<void> {
  return transaction(asAccount(ctx, userId), (tx) => endSessions(tx, sessionIds, reason));
}
