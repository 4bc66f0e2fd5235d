import { type Actor, type Context, requireAccount } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';

/** What clients name by an id. */
type Thing =
  | 'account export'
  | 'action'
  | 'conversation'
  | 'deleted item'
  | 'file'
  | 'message'
  | 'note'
  | 'notification'
  | 'reminder'
  | 'session'
  | 'subtask'
  | 'task'
  | 'task template';

/** What may be done to a thing of an account, or not. */
type Action = `${'read' | 'write'} ${Thing}`;

/** Whose a row is: an account's, or a person's own. */
type Owned = { readonly accountId: string } | { readonly userId: string };

/** What `requireMay` refuses. */
export const requireMayErrors: DeclaredErrors = { NOT_FOUND: '', FORBIDDEN: '' };

/**
 * Ownership is part of every read of one thing: a missing row and somebody else's are told apart here and only here.
 * Answers the row. @throws UNAUTHENTICATED, NOT_FOUND, FORBIDDEN
 */
export async function requireMay<Row extends Owned>(
  ctx: Context,
  action: Action,
  row: Row | null | undefined,
): Promise<Row> {
  const accountId = requireAccount(ctx);
  const thing = action.slice(action.indexOf(' ') + 1);
  if (!row) throw new AppError('NOT_FOUND', `There is no such ${thing}.`);
  const owner = 'accountId' in row ? row.accountId : row.userId;
  if (owner === accountId && mayActFor(ctx.actor, accountId)) return row;
  throw new AppError('FORBIDDEN', `This ${thing} is somebody else's.`);
}

/** A person's account is its owner's alone; rules, jobs and operators act for whichever account they say. */
function mayActFor(actor: Actor | null, accountId: string): boolean {
  switch (actor?.kind) {
    case 'PERSON':
      return actor.id === accountId;
    case 'SYSTEM':
    case 'OPERATOR':
      return true;
    default:
      return false;
  }
}
