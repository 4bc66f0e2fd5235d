import { randomBytes } from 'node:crypto';
import type { Tier } from '../../entities/accounts/account.js';
import { RefreshToken } from '../../entities/auth/refresh-token.js';
import type { Session } from '../../entities/auth/session.js';
import { newId, requireSignIn, type Tx } from '../kernel/context.js';
import { hashOf } from './refresh-tokens.js';
import type { UserRow } from './users.js';

/** What a sign-in or a refresh hands out. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds that the access token lives. */
  readonly expiresIn: number;
  /** Seconds that the refresh token lives. */
  readonly refreshExpiresIn: number;
  readonly user: UserRow;
  /** The plan of the person's account. */
  readonly tier: Tier;
}

/** A new pair for this session, the refresh token stored as its hash. Neither outlives the session. */
export async function issueTokens(tx: Tx, user: UserRow, session: Session): Promise<IssuedTokens> {
  const { tokens } = requireSignIn(tx.services);
  const { tokenClock } = tx.services;
  const refreshToken = randomBytes(32).toString('base64url');
  const createdAt = tokenClock.now();
  const { id: sessionId, generation, expiresAt } = session;
  tx.entities().persist(
    new RefreshToken({
      id: newId(tokenClock),
      sessionId,
      tokenHash: hashOf(refreshToken),
      generation,
      createdAt,
      expiresAt,
    }),
  );
  const { token: accessToken, expiresIn } = await tokens.sign({ id: user.id, sessionId }, expiresAt);
  const refreshExpiresIn = Math.round((expiresAt.getTime() - createdAt.getTime()) / 1_000);
  return {
    accessToken,
    refreshToken,
    tokenType: 'Bearer',
    expiresIn,
    refreshExpiresIn,
    user,
    tier: tx.unit.account.plan,
  };
}
