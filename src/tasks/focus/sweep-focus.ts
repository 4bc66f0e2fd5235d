import { maxFocusMs } from '../../../entities/tasks/focus-session.js';
import { asAccount, type Context } from '../../kernel/context.js';
import { sweep } from '../../kernel/sweep.js';
import { transaction } from '../../kernel/transaction.js';
import { endSession, runningSession } from './end-focus.js';

/** Ends the sessions that were forgotten for 12 hours. A session that somebody else ended meanwhile is left alone. */
export async function sweepFocus(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'ending a forgotten focus session',
    from: 'tasks.focus_session',
    account: 'account_id',
    where: 'ended_at is null and started_at <= $1',
    values: [new Date(ctx.clock.now().getTime() - maxFocusMs)],
    since: 'started_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ accountId }) => endForgotten(ctx, accountId),
  });
}

async function endForgotten(ctx: Context, accountId: string): Promise<void> {
  await transaction(asAccount(ctx, accountId), async (tx) => {
    const session = await runningSession(tx);
    if (session?.isForgotten(tx.clock.now())) await endSession(tx, session, 'TIME_LIMIT');
  });
}
