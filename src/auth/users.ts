import type { User } from '../../entities/auth/user.js';
import { type Context, requireUser, runStatement } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { type RowOf, selectList } from '../kernel/rows.js';

/** An account as reads see it. */
export type UserRow = RowOf<User>;

const columns = selectList<UserRow>({
  id: 'id',
  googleSubject: 'google_subject',
  email: 'email',
  name: 'name',
  avatarUrl: 'avatar_url',
  timeZone: 'time_zone',
  preferences: 'preferences',
  tier: 'tier',
  createdAt: 'created_at',
});

/** The signed-in person. @throws UNAUTHENTICATED */
export async function readMe(ctx: Context): Promise<UserRow> {
  const user = await findUser(ctx, requireUser(ctx).id);
  if (!user) throw new AppError('UNAUTHENTICATED', 'This account does not exist.');
  return user;
}

/** The account with this id, if there is one. */
export async function findUser(ctx: Context, userId: string): Promise<UserRow | null> {
  const [row] = await runStatement<UserRow>(ctx, `select ${columns} from auth.user where id = $1`, [userId]);
  return row ?? null;
}

/** The account of this Google subject, if there is one. */
export async function findUserBySubject(ctx: Context, googleSubject: string): Promise<UserRow | null> {
  const [row] = await runStatement<UserRow>(ctx, `select ${columns} from auth.user where google_subject = $1`, [
    googleSubject,
  ]);
  return row ?? null;
}
