import { longestFocusMs } from '../../../entities/tasks/focus-session.js';
import { type Context, runStatement } from '../../context.js';
import { sweep } from '../../sweep.js';
import { transaction } from '../../transaction.js';
import { endSession, runningSession } from './end-focus.js';

interface Forgotten {
  readonly userId: string;
  readonly startedAt: string;
}

/** Ends the sessions that were forgotten for 12 hours. A session that somebody else ended meanwhile is left alone. */
export async function sweepFocus(ctx: Context): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - longestFocusMs);
  await sweep<Forgotten>(ctx, {
    what: 'ending a forgotten focus session',
    read: (last, limit) =>
      runStatement(
        ctx,
        `select user_id as "userId", started_at::text as "startedAt" from tasks.focus_session
         where ended_at is null and started_at <= $1
           and ($2::timestamptz is null or (started_at, user_id) > ($2::timestamptz, $3::uuid))
         order by started_at, user_id limit $4`,
        [before, last?.startedAt ?? null, last?.userId ?? null, limit],
      ),
    work: ({ userId }) => endForgotten(ctx, userId),
  });
}

async function endForgotten(ctx: Context, userId: string): Promise<void> {
  await transaction(
    ctx,
    async (tx) => {
      const session = await runningSession(tx);
      if (session?.isForgotten(tx.clock.now())) await endSession(tx, session, 'It ran for 12 hours.');
    },
    userId,
  );
}
