import { findUsers, type UserRow } from '../auth/index.js';
import { asAccount, type Context } from '../kernel/context.js';
import { UsageError } from './command.js';
import { lineOf } from './print.js';
import type { Session } from './session.js';

/** Whom a command is about. */
export interface NamedUser {
  /** Acts for the account of the person. */
  readonly ctx: Context;
  readonly user: UserRow;
}

/** The person of an id or an e-mail address. @throws UsageError when there is none, or there are several */
export async function userOf(session: Session, named: string): Promise<NamedUser> {
  const ctx = await session.open();
  const [user, ...others] = await findUsers(ctx, named);
  if (!user) throw new UsageError(`There is no user ${lineOf(named)}.`);
  if (others.length > 0) {
    const ids = [user, ...others].map(({ id }) => id).join(', ');
    throw new UsageError(`Several users have the address ${lineOf(named)}: name one by its id: ${ids}.`);
  }
  return { ctx: asAccount(ctx, user.id), user };
}
