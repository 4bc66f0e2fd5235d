import { FocusSession, maxFocusMs } from '../../../entities/tasks/focus-session.js';
import { type Context, requirePerson, runStatement } from '../../kernel/context.js';
import { type RowIn, rowsWithout } from '../../kernel/rows.js';

const sessionRows = rowsWithout(FocusSession, ['accountId', 'userId']);

/** A session as reads see it. */
export type FocusSessionRow = RowIn<typeof sessionRows>;

/** The caller's running session; null when none runs, or when it was forgotten for more than 12 hours. */
export async function readFocusSession(ctx: Context): Promise<FocusSessionRow | null> {
  const [row] = await runStatement<FocusSessionRow>(
    ctx,
    `select ${sessionRows.columns} from tasks.focus_session
     where user_id = $1 and ended_at is null and started_at > $2`,
    [requirePerson(ctx).id, new Date(ctx.clock.now().getTime() - maxFocusMs)],
  );
  return row ?? null;
}

/** Whole seconds that a session has lasted so far. */
export function focusSeconds(ctx: Context, { startedAt, endedAt }: FocusSessionRow): number {
  const end = endedAt === null ? ctx.clock.now() : new Date(endedAt);
  const spentMs = end.getTime() - new Date(startedAt).getTime();
  return Math.floor(Math.min(Math.max(0, spentMs), maxFocusMs) / 1_000);
}
