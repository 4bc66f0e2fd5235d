import { User } from '../../entities/auth/user.js';
import { type Context, readByIds, requirePerson, runStatement } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { type RowIn, rowsOf, rowsWithout } from '../kernel/rows.js';

const userRows = rowsWithout(User, []);
const personRows = rowsOf(User, ['id', 'name', 'avatarUrl']);

/** An account as reads see it. */
export type UserRow = RowIn<typeof userRows>;

/** Somebody, as others see them. */
export type PersonRow = RowIn<typeof personRows>;

/** People by id; null where there is none any more. Who may see them is for the caller to check. */
export function unsafePeopleById(ctx: Context, ids: readonly string[]): Promise<(PersonRow | null)[]> {
  return readByIds<PersonRow>(ctx, `select ${personRows.columns} from auth.user where id = any($1::uuid[])`, ids);
}

/** The signed-in person. @throws UNAUTHENTICATED */
export async function readMe(ctx: Context): Promise<UserRow> {
  const user = await findUser(ctx, requirePerson(ctx).id);
  if (!user) throw new AppError('UNAUTHENTICATED', 'This account does not exist.');
  return user;
}

/** The account with this id, if there is one. */
export async function findUser(ctx: Context, userId: string): Promise<UserRow | null> {
  const [row] = await runStatement<UserRow>(ctx, `select ${userRows.columns} from auth.user where id = $1`, [userId]);
  return row ?? null;
}

/** The account of this Google subject, if there is one. */
export async function findUserBySubject(ctx: Context, googleSubject: string): Promise<UserRow | null> {
  const [row] = await runStatement<UserRow>(
    ctx,
    `select ${userRows.columns} from auth.user where google_subject = $1`,
    [googleSubject],
  );
  return row ?? null;
}
