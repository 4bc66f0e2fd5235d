import type { ContributionKind } from '../../entities/achievements/contribution.js';
import { type AchievementId, achievementIds } from '../../entities/achievements/unlocked.js';
import { type RowTx, runStatement } from '../kernel/context.js';
import { type Day } from '../kernel/days.js';
import type { Timestamp } from '../kernel/scalars.js';
import { noProgress, type Progress, reachedByStreakOf, totalsToReach } from './progress.js';
import type { AchievementState } from './state.js';
import { currentAt, noStreak, type Streak, withDay } from './streak.js';

/** What the account's contributions come to at this moment, whatever is stored of it. */
export async function readHistory(tx: RowTx): Promise<AchievementState> {
  const { streak, reached } = streakOf(await readDays(tx));
  const current = currentAt(streak, tx.clock.now());
  const progress: Progress = { ...(await readTotals(tx)), streak: { ...streak, current } };
  const moments = new Map([...reached, ...(await readMoments(tx))]);
  const unlocks = achievementIds.flatMap((id) => {
    const at = moments.get(id);
    return at ? [[id, at] as const] : [];
  });
  return { progress, unlocks: new Map(unlocks) };
}

interface FirstOfDay {
  readonly day: Day;
  readonly at: Timestamp;
}

/** The days that count, with the first moment of each: at most one row for each day of the account's life. */
function readDays(tx: RowTx): Promise<FirstOfDay[]> {
  return runStatement<FirstOfDay>(
    tx,
    `select day::text, min(at) as at from (
       select day, at from achievements.active_day where user_id = $1
       union all
       select (at at time zone 'UTC')::date, at from achievements.contribution where user_id = $1 and kind = 'TASK'
     ) as active group by day order by day`,
    [tx.unit.account.id],
  );
}

/** The streak that these days make, and when it reached which achievement. */
function streakOf(days: readonly FirstOfDay[]): { streak: Streak; reached: Map<AchievementId, Date> } {
  const reached = new Map<AchievementId, Date>();
  let streak = noStreak;
  for (const { day, at } of days) {
    const next = withDay(streak, day);
    if (next.longest > streak.longest) for (const id of reachedByStreakOf(next.longest)) reached.set(id, new Date(at));
    streak = next;
  }
  return { streak, reached };
}

/** The newest moment that counted is one of a contribution, or of a day that counts for a task that had counted before. */
async function readTotals(tx: RowTx): Promise<Omit<Progress, 'streak'>> {
  const rows = await runStatement<{ kind: ContributionKind | null; total: number; lastAt: Timestamp }>(
    tx,
    `select kind, sum(amount)::int as total, max(at) as "lastAt" from achievements.contribution where user_id = $1
     group by kind
     union all
     select null, 0, max(at) from achievements.active_day where user_id = $1 having count(*) > 0`,
    [tx.unit.account.id],
  );
  const totals = { ...noProgress.totals };
  let lastAt: Date | null = null;
  for (const row of rows) {
    if (row.kind !== null) totals[row.kind] = row.total;
    const at = new Date(row.lastAt);
    if (lastAt === null || at > lastAt) lastAt = at;
  }
  return { totals, lastAt };
}

/** When the running total of each kind reached which achievement. */
async function readMoments(tx: RowTx): Promise<[AchievementId, Date][]> {
  const rows = await runStatement<{ id: AchievementId; at: Timestamp }>(
    tx,
    `with running as (
       select kind, at, amount, sum(amount) over (partition by kind order by at, entity_id) as total
       from achievements.contribution where user_id = $1
     )
     select threshold.id, running.at from jsonb_to_recordset($2::jsonb) as threshold (id text, kind text, total int)
     join running on running.kind = threshold.kind and running.total >= threshold.total
       and running.total - running.amount < threshold.total`,
    [tx.unit.account.id, JSON.stringify(totalsToReach())],
  );
  return rows.map(({ id, at }) => [id, new Date(at)]);
}
