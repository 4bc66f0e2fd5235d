import { longestFocusMs } from '../../../entities/tasks/focus-session.js';
import { type Context, runStatement } from '../../context.js';
import { transaction } from '../../transaction.js';
import { endSession, runningSession } from './end-focus.js';

const batchSize = 100;

/** Ends the sessions that were forgotten for 12 hours. A session that somebody else ended meanwhile is left alone. */
export async function sweepFocus(ctx: Context): Promise<void> {
  for (;;) {
    const forgotten = await runStatement<{ userId: string }>(
      ctx,
      `select user_id as "userId" from tasks.focus_session where ended_at is null and started_at <= $1
       order by started_at limit ${batchSize}`,
      [new Date(ctx.clock.now().getTime() - longestFocusMs)],
    );
    for (const { userId } of forgotten) await endForgotten(ctx, userId);
    if (forgotten.length < batchSize) return;
  }
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
