import { User } from '../../entities/auth/user.js';
import { type Context, runStatement } from '../kernel/context.js';
import { field } from '../kernel/input.js';
import { rowsWithout } from '../kernel/rows.js';
import { findUser, type UserRow } from './users.js';

/** People of one e-mail address that are named: Google gives an address to one person at a time, and later to another. */
const maxFound = 10;

const userRows = rowsWithout(User, []);

/**
 * Whom an operator means by an id, or by an e-mail address in whatever case, of which several people may have been the
 * last known bearer: the one that signed up last comes first.
 */
export async function findUsers(ctx: Context, named: string): Promise<UserRow[]> {
  const id = field.id.safeParse(named);
  if (id.success) {
    const user = await findUser(ctx, id.data);
    return user ? [user] : [];
  }
  return runStatement<UserRow>(
    ctx,
    `select ${userRows.columns} from auth.user where lower(email) = lower($1)
     order by created_at desc, id limit ${maxFound}`,
    [named],
  );
}
