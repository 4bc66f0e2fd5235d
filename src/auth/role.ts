import { User } from '../../entities/auth/user.js';
import type { UserRole } from '../../entities/auth/user-role.js';
import { type Context, type Principal, requirePerson, runStatement, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';

/**
 * The signed-in person, who has to be an operator. The role is looked up at every use: no token says it, so that one who
 * is an operator no more can do nothing at once.
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export async function requireOperator(ctx: Context): Promise<Principal> {
  const person = requirePerson(ctx);
  const operators = await runStatement(ctx, `select from auth.user where id = $1 and role = 'OPERATOR'`, [person.id]);
  if (operators.length === 0) throw new AppError('FORBIDDEN', 'This is for operators.');
  return person;
}

/** Gives the account's person a role. False when they have it already. Nothing that clients can reach calls it. */
export async function giveRole(tx: Tx, role: UserRole): Promise<boolean> {
  const user = await tx.entities().findOneOrFail(User, tx.unit.account.id);
  if (user.role === role) return false;
  user.role = role;
  return true;
}
