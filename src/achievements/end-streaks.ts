import { record } from '../activity/index.js';
import { type Context, runStatement } from '../context.js';
import { transaction } from '../transaction.js';
import { streakBroken, streakUpdated } from './events.js';
import { type Day, oldestLastDay } from './streak.js';

/** Accounts read at once. */
const batch = 500;

interface Running {
  readonly userId: string;
  readonly lastDay: Day;
}

/**
 * Ends the streaks of accounts that let a whole day (UTC) pass, and says so in an event. Two at once end each streak
 * once, since the row is looked at again under the account's lock; late or after days it ends what is due by then.
 */
export async function endStreaks(ctx: Context): Promise<void> {
  const oldest = oldestLastDay(ctx.clock.now());
  let last: Running | null = null;
  do {
    const broken: Running[] = await readBroken(ctx, oldest, last);
    for (const { userId } of broken) await endStreak(ctx, userId, oldest);
    last = broken.length === batch ? (broken.at(-1) ?? null) : null;
  } while (last !== null);
}

/** Beyond the last one: an account that could not be written is left to the next run, not met again in this one. */
function readBroken(ctx: Context, oldest: Day, last: Running | null): Promise<Running[]> {
  return runStatement<Running>(
    ctx,
    `select user_id as "userId", last_day::text as "lastDay" from achievements.progress
     where current_streak > 0 and last_day < $1::date
       and ($2::date is null or (last_day, user_id) > ($2::date, $3::uuid))
     order by last_day, user_id limit $4`,
    [oldest, last?.lastDay ?? null, last?.userId ?? null, batch],
  );
}

async function endStreak(ctx: Context, userId: string, oldest: Day): Promise<void> {
  try {
    await transaction(
      ctx,
      async (tx) => {
        const [ended] = await runStatement<{ longest: number }>(
          tx,
          `update achievements.progress set current_streak = 0
           where user_id = $1 and current_streak > 0 and last_day < $2::date returning longest_streak as longest`,
          [userId, oldest],
        );
        if (ended) await record(tx, streakUpdated(userId, { current: 0, longest: ended.longest }, streakBroken));
      },
      userId,
    );
  } catch (error) {
    // One that cannot be ended must not keep those behind it waiting.
    ctx.log.error({ error, userId }, 'a broken streak could not be ended yet');
  }
}
