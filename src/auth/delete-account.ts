import { z } from 'zod';
import { Session } from '../../entities/auth/session.js';
import { User } from '../../entities/auth/user.js';
import type { Closing } from '../accounts/index.js';
import { type Context, requirePerson, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors, invalid } from '../kernel/errors.js';
import { parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { close } from './close-account.js';

const Input = z.strictObject({ email: z.string().trim().max(320, 'must have at most 320 characters') });

/** How long ago a person has signed in at most: a page that was left open deletes nothing. */
const freshMs = 300_000;

export const deleteAccountErrors: DeclaredErrors = {
  VALIDATION_FAILED: "another e-mail address than the account's",
  UNAUTHENTICATED:
    'a sign-in of more than 5 minutes ago: `signInAgain` is true; a refresh does not help, sign in and ask again',
};

/**
 * Closes the caller's account at once; it is deleted 14 days later, unless they sign in before.
 * @throws VALIDATION_FAILED, UNAUTHENTICATED (`signInAgain`)
 */
export async function deleteAccount(ctx: Context, input: unknown): Promise<Closing> {
  const { email } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    await requireFreshSignIn(tx);
    const user = await tx.entities().findOneOrFail(User, tx.unit.account.id);
    if (email.toLowerCase() !== user.email.toLowerCase())
      throw invalid([{ field: 'email', rule: 'must be the e-mail address of this account' }]);
    return close(tx);
  });
}

async function requireFreshSignIn(tx: Tx): Promise<void> {
  const session = await tx.entities().findOne(Session, requirePerson(tx).sessionId);
  const agoMs = tx.services.tokenClock.now().getTime() - (session?.createdAt.getTime() ?? 0);
  if (agoMs <= freshMs) return;
  throw new AppError('UNAUTHENTICATED', 'Deleting an account needs a sign-in of the last 5 minutes. Sign in again.', {
    signInAgain: true,
  });
}
