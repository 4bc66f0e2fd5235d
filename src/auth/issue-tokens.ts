import { createHash, randomBytes } from 'node:crypto';
import { RefreshToken } from '../../entities/auth/refresh-token.js';
import { newId, type Tx } from '../context.js';
import type { UserRow } from './users.js';

const dayMs = 86_400_000;

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
}

/** How a refresh token is stored: SHA-256, hex. It has 256 random bits, so no salt is needed. */
export function hashOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}

/** A new pair for one sign-in (`familyId`), the refresh token stored as its hash. */
export async function issueTokens(tx: Tx, user: UserRow, familyId: string): Promise<IssuedTokens> {
  const { tokens, refreshTokenDays } = tx.services;
  const refreshToken = randomBytes(32).toString('base64url');
  const createdAt = tx.clock.now();
  tx.em.persist(
    new RefreshToken({
      id: newId(tx.clock),
      userId: user.id,
      familyId,
      tokenHash: hashOf(refreshToken),
      createdAt,
      expiresAt: new Date(createdAt.getTime() + refreshTokenDays * dayMs),
    }),
  );
  const { id, tier, sessionEpoch: epoch } = user;
  return {
    accessToken: await tokens.sign({ id, sessionId: familyId, tier, epoch }),
    refreshToken,
    tokenType: 'Bearer',
    expiresIn: tokens.lifetimeSeconds,
    refreshExpiresIn: (refreshTokenDays * dayMs) / 1_000,
    user,
  };
}
