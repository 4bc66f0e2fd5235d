import { ContributionKind } from '../../entities/achievements/contribution.js';
import { type AchievementId, achievementIds } from '../../entities/achievements/unlocked.js';
import { type Context, type RowTx, runStatement } from '../context.js';
import type { Timestamp } from '../scalars.js';
import { noProgress, type Progress, type Unlocks } from './progress.js';
import type { Day } from './streak.js';

/** What is stored of one account. */
export interface Stored {
  readonly progress: Progress;
  readonly unlocks: Unlocks;
}

/** One thing that an account has done, as it is to be counted. */
export interface Deed {
  /** What it counts as. */
  readonly kinds: readonly ContributionKind[];
  readonly entityId: string;
  /** 1; for voice its seconds. */
  readonly amount: number;
  readonly at: Date;
}

interface StoredRow {
  readonly current: number;
  readonly longest: number;
  readonly lastDay: Day | null;
  readonly tasks: number;
  readonly focus: number;
  readonly notes: number;
  readonly voice: number;
  readonly lastAt: Timestamp | null;
  readonly unlocks: Readonly<Partial<Record<AchievementId, string>>>;
}

/** One row in any case: an account that has done nothing yet has none of its own. */
const columns = `coalesce(current_streak, 0) as current, coalesce(longest_streak, 0) as longest,
  last_day::text as "lastDay", coalesce(tasks_completed, 0) as tasks, coalesce(focus_completions, 0) as focus,
  coalesce(notes_converted, 0) as notes, coalesce(voice_seconds, 0) as voice, last_at as "lastAt",
  coalesce((select jsonb_object_agg(achievement, unlocked_at) from achievements.unlocked where user_id = $1), '{}')
    as unlocks`;
const from = 'from (values (1)) as one (row) left join achievements.progress on user_id = $1';

/** How far the account has come and what it has earned. */
export async function readStored(ctx: Context, userId: string): Promise<Stored> {
  const [row] = await runStatement<StoredRow>(ctx, `select ${columns} ${from}`, [userId]);
  return storedOf(row);
}

/**
 * Keeps what the account did, and answers as which kinds it was new, with what was stored before. Something that was
 * kept already is new as nothing: the first time counts, whichever that was.
 */
export async function keepDeed(
  tx: RowTx,
  deed: Deed,
): Promise<Stored & { readonly news: readonly ContributionKind[] }> {
  const [row] = await runStatement<StoredRow & { news: ContributionKind[] }>(
    tx,
    `with kept as (
       insert into achievements.contribution (user_id, kind, entity_id, amount, at)
       select $1, kind, $3, $4, $5 from unnest($2::text[]) as kind
       on conflict do nothing returning kind
     )
     select array(select kind from kept) as news, ${columns} ${from}`,
    [tx.unit.account.id, deed.kinds, deed.entityId, deed.amount, deed.at],
  );
  return { ...storedOf(row), news: row?.news ?? [] };
}

/** Stores how far the account has come. */
export async function writeProgress(tx: RowTx, { streak, totals, lastAt }: Progress): Promise<void> {
  await runStatement(
    tx,
    `insert into achievements.progress (user_id, current_streak, longest_streak, last_day, tasks_completed,
       focus_completions, notes_converted, voice_seconds, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (user_id) do update set current_streak = $2, longest_streak = $3, last_day = $4, tasks_completed = $5,
       focus_completions = $6, notes_converted = $7, voice_seconds = $8, last_at = $9`,
    [
      tx.unit.account.id,
      streak.current,
      streak.longest,
      streak.lastDay,
      totals[ContributionKind.TASK],
      totals[ContributionKind.FOCUS],
      totals[ContributionKind.NOTE],
      totals[ContributionKind.VOICE],
      lastAt,
    ],
  );
}

/** Stores when achievements were earned, those that are stored already included. */
export async function writeUnlocks(tx: RowTx, unlocks: Unlocks): Promise<void> {
  if (unlocks.size === 0) return;
  await runStatement(
    tx,
    `insert into achievements.unlocked (user_id, achievement, unlocked_at)
     select $1, achievement, at from unnest($2::text[], $3::timestamptz[]) as earned (achievement, at)
     on conflict (user_id, achievement) do update set unlocked_at = excluded.unlocked_at`,
    [tx.unit.account.id, [...unlocks.keys()], [...unlocks.values()]],
  );
}

function storedOf(row: StoredRow | undefined): Stored {
  if (!row) return { progress: noProgress, unlocks: new Map() };
  const { current, longest, lastDay, tasks, focus, notes, voice, lastAt } = row;
  return {
    progress: {
      streak: { current, longest, lastDay },
      totals: { TASK: tasks, FOCUS: focus, NOTE: notes, VOICE: voice },
      lastAt: lastAt === null ? null : new Date(lastAt),
    },
    unlocks: new Map(
      achievementIds.flatMap((id) => {
        const at = row.unlocks[id];
        return at === undefined ? [] : [[id, new Date(at)] as const];
      }),
    ),
  };
}
