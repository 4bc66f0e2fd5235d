import { z } from 'zod';
import { Session } from '../../entities/auth/session.js';
import { asAccount, type Context, runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { clientOf, expiryOf } from './begin-session.js';
import { endSessions } from './end-sessions.js';
import { type IssuedTokens, issueTokens } from './issue-tokens.js';
import { logSession } from './log-session.js';
import { type RefreshTokenRow, RefreshTokenText, unsafeFindToken } from './refresh-tokens.js';
import { findUser } from './users.js';

const Input = z.object({ refreshToken: RefreshTokenText });

/** How long a spent token may come again: from a second tab, or because the answer got lost. */
const graceMs = 10_000;
/** Pairs of one generation: as many as one address may ask for in a minute, unless it is configured otherwise. */
const maxPairs = 10;

/**
 * Spends a refresh token and hands out the next pair. One that was spent before gets a pair of the same generation as
 * the first time, for 10 s and while nobody has used that generation: two tabs that refresh at once go on with either.
 * Otherwise it was stolen, and the session ends. Whoever uses a generation first spends what the others hold of it, so a
 * thief who comes within the 10 s is found out by a refresh that comes later than 10 s after another's.
 * @throws VALIDATION_FAILED, UNAUTHENTICATED for a token that is unknown, stolen or expired, or whose session has ended;
 * RATE_LIMITED when its generation has as many pairs as it may have, which leaves the session as it is
 */
export async function refreshSession(ctx: Context, input: unknown): Promise<IssuedTokens> {
  const { refreshToken } = parse(Input, input);
  const token = await unsafeFindToken(ctx, refreshToken);
  // Refused only after the transaction: that a stolen session ends has to be committed.
  const issued = token && (await rotateOrLog(ctx, token));
  logSession(ctx, issued ? 'a session was refreshed' : 'a refresh token was refused', token);
  if (!issued) throw new AppError('UNAUTHENTICATED', 'The refresh token is not valid any more. Sign in again.');
  return issued;
}

async function rotateOrLog(ctx: Context, token: RefreshTokenRow): Promise<IssuedTokens | null> {
  try {
    return await transaction(asAccount(ctx, token.userId), (tx) => rotate(tx, token));
  } catch (error) {
    const tooOften = error instanceof AppError && error.code === 'RATE_LIMITED';
    if (tooOften) logSession(ctx, 'a spent refresh token came too often', token);
    throw error;
  }
}

async function rotate(tx: Tx, { sessionId, generation, isExpired }: RefreshTokenRow): Promise<IssuedTokens | null> {
  const now = tx.services.tokenClock.now();
  const session = await tx.entities().findOne(Session, sessionId);
  if (!session || session.endedAt || isExpired) return null;
  const expiresAt = expiryOf(tx.services, session.createdAt, now);
  if (expiresAt <= now) return null;
  const isNewest = generation === session.generation;
  if (
    !isNewest &&
    !(generation === session.generation - 1 && now.getTime() - session.lastUsedAt.getTime() <= graceMs)
  ) {
    logSession(tx, 'a spent refresh token came back: its session ends', { userId: session.userId, sessionId });
    await endSessions(tx, [sessionId], 'REUSED_TOKEN');
    return null;
  }
  if (isNewest) {
    session.generation += 1;
    session.lastUsedAt = now;
    session.expiresAt = expiresAt;
  } else {
    await requireRoomForPair(tx, session);
  }
  Object.assign(session, clientOf(tx));
  const user = await findUser(tx, session.userId);
  return user && issueTokens(tx, user, session);
}

async function requireRoomForPair(tx: Tx, { id: sessionId, generation }: Session): Promise<void> {
  const pairs = await runStatement(
    tx,
    'select from auth.refresh_token where session_id = $1 and generation = $2 limit $3',
    [sessionId, generation, maxPairs],
  );
  if (pairs.length < maxPairs) return;
  // By then a browser has the cookie that its other tabs were given.
  throw new AppError('RATE_LIMITED', 'This refresh token came too often. Use the one that was handed out for it.', {
    retryAfter: 1,
  });
}
