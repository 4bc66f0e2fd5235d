import { type Closing, readClosing } from '../accounts/index.js';
import { findUsers, type UserRow } from '../auth/index.js';
import { asAccount, type Context } from '../kernel/context.js';
import { UsageError } from './command.js';
import { lineOf, momentOf } from './print.js';
import type { Session } from './session.js';

/** Whom a command is about. */
export interface NamedUser {
  /** Acts for the account of the person. */
  readonly ctx: Context;
  readonly user: UserRow;
  /** Null while the account is open. */
  readonly closing: Closing | null;
}

/**
 * The person of an id or an e-mail address. Of one whose account is closed the operator is told, whatever the command does.
 * @throws UsageError when there is none, or there are several
 */
export async function userOf(session: Session, named: string): Promise<NamedUser> {
  const ctx = await session.open();
  const [user, ...others] = await findUsers(ctx, named);
  if (!user) throw new UsageError(`There is no user ${lineOf(named)}.`);
  if (others.length > 0) {
    const ids = [user, ...others].map(({ id }) => id).join(', ');
    throw new UsageError(`Several users have the address ${lineOf(named)}: name one by its id: ${ids}.`);
  }
  const own = asAccount(ctx, user.id);
  const closing = await readClosing(own);
  if (closing) {
    const [since, until] = [momentOf(closing.closedAt), momentOf(closing.finalAt)];
    session.terminal.errors.write(
      `The account was closed on ${since}: it is deleted on ${until} if its user does not sign in before.\n`,
    );
  }
  return { ctx: own, user, closing };
}
