import { record } from '../activity/index.js';
import { streakUpdated } from '../events/achievements.js';
import { asAccount, type Context, type RowTx, runStatement } from '../kernel/context.js';
import { type Day } from '../kernel/days.js';
import { sweep } from '../kernel/sweep.js';
import { transaction } from '../kernel/transaction.js';
import { oldestLastDay } from './streak.js';

/**
 * Ends the streaks of accounts that let a whole day (UTC) pass, and says so in an event. Two at once end each streak
 * once, since the row is looked at again under the account's lock; late or after days it ends what is due by then.
 */
export async function endStreaks(ctx: Context): Promise<void> {
  const oldest = oldestLastDay(ctx.clock.now());
  await sweep(ctx, {
    what: 'ending a broken streak',
    from: 'achievements.progress',
    account: 'user_id',
    where: 'current_streak > 0 and last_day < $1::date',
    values: [oldest],
    since: 'last_day',
    sinceType: 'date',
    id: 'user_id',
    work: ({ accountId }) => transaction(asAccount(ctx, accountId), (tx) => endStreak(tx, oldest)),
  });
}

async function endStreak(tx: RowTx, oldest: Day): Promise<void> {
  const userId = tx.unit.account.id;
  const [ended] = await runStatement<{ longest: number }>(
    tx,
    `update achievements.progress set current_streak = 0
     where user_id = $1 and current_streak > 0 and last_day < $2::date returning longest_streak as longest`,
    [userId, oldest],
  );
  if (ended) await record(tx, streakUpdated(userId, { current: 0, longest: ended.longest, reason: 'DAY_MISSED' }));
}
