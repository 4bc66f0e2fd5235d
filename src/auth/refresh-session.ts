import { z } from 'zod';
import { type Context, runStatement, type Tx } from '../context.js';
import { AppError } from '../errors.js';
import { parse } from '../input.js';
import { transaction } from '../transaction.js';
import { hashOf, type IssuedTokens, issueTokens } from './issue-tokens.js';
import { findUser } from './users.js';

const Input = z.object({ refreshToken: z.string().min(1).max(512) });

/** What is known of a refresh token before the account's lock is held. */
interface TokenOwner {
  readonly id: string;
  readonly userId: string;
  readonly familyId: string;
}

/**
 * Spends a refresh token and hands out the next pair. A token that was spent before is theft: its whole family is
 * revoked, and everybody who holds one of it must sign in again.
 * @throws VALIDATION_FAILED, UNAUTHENTICATED for a token that is unknown, spent, revoked or expired
 */
export async function refreshSession(ctx: Context, input: unknown): Promise<IssuedTokens> {
  const { refreshToken } = parse(Input, input);
  const owner = await unsafeFindToken(ctx, refreshToken);
  if (!owner) throw refused();
  const issued = await transaction(ctx, (tx) => rotate(tx, owner), owner.userId);
  // Refused only here: the revocation of a stolen family has to be committed.
  if (!issued) throw refused();
  return issued;
}

/** Ends the sign-in that this refresh token belongs to; an unknown token has nothing to end. */
export async function signOut(ctx: Context, input: unknown): Promise<void> {
  const { refreshToken } = parse(Input, input);
  const owner = await unsafeFindToken(ctx, refreshToken);
  if (owner) await transaction(ctx, (tx) => revokeFamily(tx, owner.familyId), owner.userId);
}

async function rotate(tx: Tx, { id, userId, familyId }: TokenOwner): Promise<IssuedTokens | null> {
  const now = tx.clock.now();
  const [spent] = await runStatement(
    tx,
    `update auth.refresh_token set spent_at = $2
     where id = $1 and spent_at is null and revoked_at is null and expires_at > $2 returning id`,
    [id, now],
  );
  if (!spent) {
    const [reused] = await runStatement(tx, 'select 1 from auth.refresh_token where id = $1 and spent_at is not null', [
      id,
    ]);
    if (reused) {
      tx.log.warn({ userId, familyId }, 'a spent refresh token came back; its family is revoked');
      await revokeFamily(tx, familyId);
    }
    return null;
  }
  const user = await findUser(tx, userId);
  return user && issueTokens(tx, user, familyId);
}

async function revokeFamily(tx: Tx, familyId: string): Promise<void> {
  await runStatement(tx, 'update auth.refresh_token set revoked_at = $2 where family_id = $1 and revoked_at is null', [
    familyId,
    tx.clock.now(),
  ]);
}

async function unsafeFindToken(ctx: Context, refreshToken: string): Promise<TokenOwner | null> {
  const [row] = await runStatement<TokenOwner>(
    ctx,
    'select id, user_id as "userId", family_id as "familyId" from auth.refresh_token where token_hash = $1',
    [hashOf(refreshToken)],
  );
  return row ?? null;
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', 'The refresh token is not valid any more. Sign in again.');
}
